/**
 * The environment that configures every function of the lab, as an operator would write it.
 *
 * @module
 */
import { join } from 'node:path';
import type { Certificate, CertificateAuthority } from '@wicgate/certificates';
import type { Pages } from './build-pages.ts';
import type { LabSecrets } from './lab-secrets.ts';
import type { LabPorts } from './ports.ts';

export type Environment = Readonly<Record<string, string>>;

export interface LabSurroundings {
  readonly ports: LabPorts;
  readonly homeDomain: string;
  readonly authority: CertificateAuthority;
  readonly secrets: LabSecrets;
  readonly stateFolder: string;
  readonly origins: readonly string[];
  readonly pages: Pages;
  /** `TURN_ENGINE` of the TURN server. */
  readonly turnEngine: string;
  /** The partner domain runs too: origin of its WWSF, and the file that tells the eP-CSCF of its WAF. */
  readonly partner: { readonly origin: string; readonly wafsFile: string } | undefined;
}

interface LabCertificates {
  readonly localhost: Certificate;
  readonly iCscf: Certificate;
  readonly sCscf: Certificate;
  readonly epCscf: Certificate;
  /** What the WWSF shows the WAF. */
  readonly wwsf: Certificate;
}

export async function environmentOf(around: LabSurroundings): Promise<Environment> {
  const { authority, homeDomain } = around;
  const certificates: LabCertificates = {
    localhost: await authority.certificate('localhost', ['localhost', '127.0.0.1']),
    iCscf: await authority.certificate('i-cscf', [`i-cscf.${homeDomain}`]),
    sCscf: await authority.certificate('s-cscf', [`s-cscf.${homeDomain}`]),
    epCscf: await authority.certificate('ep-cscf', [`ep-cscf.${homeDomain}`]),
    wwsf: await authority.certificate('wwsf', [`wwsf.${homeDomain}`]),
  };
  return {
    ...turnOf(around, certificates),
    ...homeNetworkOf(around, certificates),
    ...wafOf(around, certificates),
    ...wwsfOf(around, certificates),
    ...isimOf(around, certificates),
    ...epCscfOf(around, certificates),
  };
}

export const origin = (port: number): string => `https://localhost:${port}`;

function turnOf(
  { ports, homeDomain, secrets, turnEngine }: LabSurroundings,
  { localhost }: LabCertificates,
): Environment {
  return {
    TURN_PORT: String(ports.turn),
    TURN_TLS_PORT: String(ports.turnTls),
    TURN_TLS_CERT_FILE: localhost.certFile,
    TURN_TLS_KEY_FILE: localhost.keyFile,
    ...(turnEngine === 'builtin' && { TURN_OPERATOR_TOKEN: secrets.turnOperator }),
    TURN_REALM: homeDomain,
    TURN_SECRET: secrets.turn,
    TURN_OAUTH_KEYS_FILE: secrets.turnKeysFile,
    TURN_RELAY_PORT_MIN: String(ports.turnRelayMin),
    TURN_RELAY_PORT_MAX: String(ports.turnRelayMax),
    // Everybody in the lab is on loopback.
    TURN_ALLOW_LOOPBACK_PEERS: 'true',
  };
}

function peersOf({ ports, homeDomain }: LabSurroundings): string {
  return [
    `127.0.0.1:${ports.epCscfMw}=ep-cscf.${homeDomain}`,
    `127.0.0.1:${ports.iCscfTls}=i-cscf.${homeDomain}`,
    `127.0.0.1:${ports.sCscfTls}=s-cscf.${homeDomain}`,
  ].join();
}

function homeNetworkOf(around: LabSurroundings, { iCscf, sCscf }: LabCertificates): Environment {
  const { ports, homeDomain, authority, stateFolder } = around;
  return {
    HSS_PORT: String(ports.hss),
    HSS_DATABASE_FILE: join(stateFolder, 'hss.sqlite'),
    HSS_HOME_DOMAIN: homeDomain,
    CORE_HOME_DOMAIN: homeDomain,
    CORE_ICSCF_TLS_PORT: String(ports.iCscfTls),
    CORE_ICSCF_PORT: String(ports.iCscf),
    CORE_SCSCF_TLS_PORT: String(ports.sCscfTls),
    CORE_SCSCF_PORT: String(ports.sCscf),
    CORE_ICSCF_TLS_CERT_FILE: iCscf.certFile,
    CORE_ICSCF_TLS_KEY_FILE: iCscf.keyFile,
    CORE_SCSCF_TLS_CERT_FILE: sCscf.certFile,
    CORE_SCSCF_TLS_KEY_FILE: sCscf.keyFile,
    CORE_TLS_CA_FILE: authority.certFile,
    CORE_MW_PEERS: peersOf(around),
    CORE_BARRED_AUTHORITIES_FILE: join(stateFolder, 'core', 'barred-authorities.json'),
  };
}

function wafOf(around: LabSurroundings, { localhost }: LabCertificates): Environment {
  const { ports, homeDomain, authority, secrets, stateFolder } = around;
  return {
    WAF_PORT: String(ports.waf),
    WAF_ISSUER: origin(ports.waf),
    WAF_TLS_CERT_FILE: localhost.certFile,
    WAF_TLS_KEY_FILE: localhost.keyFile,
    WAF_STATE_DIR: join(stateFolder, 'waf'),
    WAF_AUDIENCE: `https://ep-cscf.${homeDomain}`,
    WAF_WWSF_CLIENT_ID: `wwsf.${homeDomain}`,
    WAF_WWSF_ORIGIN: origin(ports.wwsf),
    // RFC 8705: the WWSF shows its certificate at a port of its own.
    WAF_WWSF_AUTH_METHOD: 'tls_client_auth',
    WAF_WWSF_TLS_SAN_DNS: `wwsf.${homeDomain}`,
    WAF_MTLS_PORT: String(ports.wafMtls),
    WAF_MTLS_CA_FILE: authority.certFile,
    WAF_WWSF_POOL: guestPattern(homeDomain),
    // X.5.3: the TURN server says its realm where nothing else is configured.
    WAF_WWSF_TURN: 'true',
    WAF_TURN_KEYS_FILE: secrets.turnKeysFile,
    WAF_TURN_SERVER_NAME: homeDomain,
    WAF_REVOCATION_ENDPOINTS: revocationEndpoint(ports),
  };
}

function wwsfOf(around: LabSurroundings, { localhost, wwsf }: LabCertificates): Environment {
  const { ports, homeDomain, authority, secrets, stateFolder, pages, turnEngine } = around;
  return {
    WWSF_PORT: String(ports.wwsf),
    WWSF_ORIGIN: origin(ports.wwsf),
    WWSF_TLS_CERT_FILE: localhost.certFile,
    WWSF_TLS_KEY_FILE: localhost.keyFile,
    WWSF_STATE_DIR: join(stateFolder, 'wwsf'),
    WWSF_WIC_DIR: pages.wic,
    WWSF_WAF_ISSUER: origin(ports.waf),
    WWSF_WAF_CA_FILE: authority.certFile,
    WWSF_CLIENT_ID: `wwsf.${homeDomain}`,
    WWSF_CLIENT_AUTH_METHOD: 'tls_client_auth',
    WWSF_CLIENT_TLS_CERT_FILE: wwsf.certFile,
    WWSF_CLIENT_TLS_KEY_FILE: wwsf.keyFile,
    WWSF_POOL: `guest-001..020@${homeDomain}`,
    // Everybody in the lab comes from one address.
    WWSF_GUESTS_PER_ADDRESS: '100',
    WWSF_ISIM_ORIGIN: origin(ports.isim),
    WWSF_EP_CSCF_URL: `wss://localhost:${ports.epCscf}/`,
    WWSF_HOME_DOMAIN: homeDomain,
    WWSF_TURN_ACCESS: 'true',
    WWSF_TURN_SECRET: secrets.turn,
    WWSF_TURN_TOKEN_AUDIENCE: `https://ep-cscf.${homeDomain}`,
    // Whoever tries it by hand takes their time.
    WWSF_TURN_CREDENTIAL_SECONDS: '3600',
    WWSF_TURN_URIS: turnUrisOf(ports, turnEngine),
  };
}

/** node-turn serves UDP only. */
function turnUrisOf({ turn, turnTls }: LabPorts, turnEngine: string): string {
  const overUdp = `turn:127.0.0.1:${turn}?transport=udp`;
  if (turnEngine === 'node-turn') return overUdp;
  return [overUdp, `turn:127.0.0.1:${turn}?transport=tcp`, `turns:localhost:${turnTls}?transport=tcp`].join();
}

function isimOf({ ports, pages }: LabSurroundings, { localhost }: LabCertificates): Environment {
  return {
    ISIM_PORT: String(ports.isim),
    ISIM_TLS_CERT_FILE: localhost.certFile,
    ISIM_TLS_KEY_FILE: localhost.keyFile,
    ISIM_PAGE_DIR: pages.isim,
    ISIM_FRAME_ANCESTORS: origin(ports.wwsf),
  };
}

function epCscfOf(around: LabSurroundings, { localhost, epCscf }: LabCertificates): Environment {
  const { ports, homeDomain, authority, secrets, stateFolder, origins, partner, turnEngine } = around;
  return {
    EP_CSCF_PORT: String(ports.epCscf),
    EP_CSCF_MW_PORT: String(ports.epCscfMw),
    EP_CSCF_HOME_DOMAIN: homeDomain,
    EP_CSCF_ICSCF_HOST: '127.0.0.1',
    EP_CSCF_ICSCF_PORT: String(ports.iCscfTls),
    EP_CSCF_ICSCF_NAME: `i-cscf.${homeDomain}`,
    EP_CSCF_MW_PEERS: peersOf(around),
    EP_CSCF_MW_TRUSTED_NAMES: `i-cscf.${homeDomain},s-cscf.${homeDomain},e-cscf.${homeDomain}`,
    EP_CSCF_TLS_CERT_FILE: localhost.certFile,
    EP_CSCF_TLS_KEY_FILE: localhost.keyFile,
    EP_CSCF_MW_TLS_CERT_FILE: epCscf.certFile,
    EP_CSCF_MW_TLS_KEY_FILE: epCscf.keyFile,
    EP_CSCF_MW_TLS_CA_FILE: authority.certFile,
    EP_CSCF_ORIGINS: [origin(ports.wwsf), ...(partner === undefined ? [] : [partner.origin]), ...origins].join(),
    EP_CSCF_WAF_ISSUER: origin(ports.waf),
    EP_CSCF_WAF_IDENTITY: `waf.${homeDomain}`,
    EP_CSCF_WAF_CA_FILE: authority.certFile,
    EP_CSCF_WAF_AUDIENCE: `https://ep-cscf.${homeDomain}`,
    EP_CSCF_POOLS: `wwsf.${homeDomain}=${guestPattern(homeDomain)}`,
    ...(partner && { EP_CSCF_PARTNER_WAFS_FILE: partner.wafsFile }),
    EP_CSCF_ECSCF: `127.0.0.1:${ports.eCscf}=e-cscf.${homeDomain}`,
    EP_CSCF_TURN_SECRET: secrets.turn,
    ...(turnEngine === 'builtin' && turnRevocationsOf(around)),
    EP_CSCF_STATE_DIR: join(stateFolder, 'ep-cscf'),
  };
}

/** Where the eP-CSCF says whose TURN credentials count no more; of the engines only our own listens. */
function turnRevocationsOf({ ports, secrets }: LabSurroundings): Environment {
  return {
    EP_CSCF_TURN_REVOCATION_ENDPOINTS: `http://127.0.0.1:${ports.operations}/turn/revocations`,
    EP_CSCF_TURN_OPERATOR_TOKEN: secrets.turnOperator,
  };
}

/** Private identities that are the WWSF's to give to guests (TS 33.203 X.4). */
function guestPattern(homeDomain: string): string {
  return `guest-*@${homeDomain}`;
}

/** Where the eP-CSCF hears of tokens that count no more. */
export function revocationEndpoint({ operations }: LabPorts): string {
  return `http://127.0.0.1:${operations}/revocations`;
}

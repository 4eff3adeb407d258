/**
 * The environment of the WAF and the WWSF of a third party (TS 33.203 X.3: the WAF in a third-party domain).
 *
 * @module
 */
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, type LabSurroundings, origin, revocationEndpoint } from '../environment.ts';

export const partnerDomain = 'partner.example';
export const partnerWaf = `waf.${partnerDomain}`;
export const partnerWwsf = `wwsf.${partnerDomain}`;

/** Writes the file that tells the eP-CSCF of the partner's WAF. */
export function describePartner({
  ports,
  authority,
  homeDomain,
  stateFolder,
}: Omit<LabSurroundings, 'partner'>): LabSurroundings['partner'] {
  const file = join(partnerFolder(stateFolder), 'wafs.json');
  const waf = {
    issuer: origin(ports.partnerWaf),
    identity: partnerWaf,
    ca_file: authority.certFile,
    audience: `https://ep-cscf.${homeDomain}`,
    wwsfs: [{ client_id: partnerWwsf, identity: partnerWwsf }],
  };
  writeFileSync(file, JSON.stringify([waf]), { mode: 0o600 });
  return { origin: origin(ports.partnerWwsf), wafsFile: file };
}

/** For both functions at once: their variables differ in name. */
export async function partnerEnvironment(around: LabSurroundings): Promise<Environment> {
  const { ports, homeDomain, authority, stateFolder, pages } = around;
  const folder = partnerFolder(stateFolder);
  const localhost = await authority.certificate('localhost', ['localhost', '127.0.0.1']);
  const { keyFile, jwksFile } = clientKey(folder);
  const turnServer = `turn:127.0.0.1:${ports.turn}`;
  return {
    WAF_PORT: String(ports.partnerWaf),
    WAF_ISSUER: origin(ports.partnerWaf),
    WAF_TLS_CERT_FILE: localhost.certFile,
    WAF_TLS_KEY_FILE: localhost.keyFile,
    WAF_STATE_DIR: join(folder, 'waf'),
    WAF_AUDIENCE: `https://ep-cscf.${homeDomain}`,
    WAF_WWSF_CLIENT_ID: partnerWwsf,
    WAF_WWSF_ORIGIN: origin(ports.partnerWwsf),
    WAF_WWSF_NAME: 'Partner telephone',
    WAF_WWSF_AUTH_METHOD: 'private_key_jwt',
    WAF_WWSF_JWKS_FILE: jwksFile,
    WAF_REVOCATION_ENDPOINTS: revocationEndpoint(ports),
    WWSF_PORT: String(ports.partnerWwsf),
    WWSF_ORIGIN: origin(ports.partnerWwsf),
    WWSF_TLS_CERT_FILE: localhost.certFile,
    WWSF_TLS_KEY_FILE: localhost.keyFile,
    WWSF_STATE_DIR: join(folder, 'wwsf'),
    WWSF_WIC_DIR: pages.wic,
    WWSF_WAF_ISSUER: origin(ports.partnerWaf),
    WWSF_WAF_CA_FILE: authority.certFile,
    WWSF_CLIENT_ID: partnerWwsf,
    WWSF_CLIENT_AUTH_METHOD: 'private_key_jwt',
    WWSF_CLIENT_KEY_FILE: keyFile,
    WWSF_SIGN_IN: 'own',
    WWSF_ACCOUNTS_FILE: accountsFile(stateFolder),
    WWSF_WAYS: 'web',
    WWSF_NAME: 'Partner telephone',
    WWSF_EP_CSCF_URL: `wss://localhost:${ports.epCscf}/`,
    WWSF_HOME_DOMAIN: homeDomain,
    WWSF_TURN_URIS: `${turnServer}?transport=udp,${turnServer}?transport=tcp`,
  };
}

export function accountsFile(stateFolder: string): string {
  return join(partnerFolder(stateFolder), 'accounts.json');
}

function partnerFolder(stateFolder: string): string {
  const folder = join(stateFolder, 'partner');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** The key that the WWSF signs with (RFC 7523 3), and its public half for the WAF. */
function clientKey(folder: string): { readonly keyFile: string; readonly jwksFile: string } {
  const keyFile = join(folder, 'wwsf-client.key');
  const jwksFile = join(folder, 'wwsf-client.jwks.json');
  if (!existsSync(keyFile) || !existsSync(jwksFile) || readFileSync(jwksFile, 'utf8') === '') {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: partnerWwsf, use: 'sig', alg: 'ES256' };
    writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }));
  }
  return { keyFile, jwksFile };
}

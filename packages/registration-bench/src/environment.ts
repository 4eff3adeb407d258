/**
 * The environments of the processes, as an operator would write them.
 *
 * Limits on what one address and one connection may do are lifted: here one address is everybody.
 *
 * @module
 */
import { join } from 'node:path';
import type { Certificate } from '@wicgate/certificates';
import { homeDomain } from './accounts.ts';
import { audience } from './issuer.ts';
import type { Surroundings } from './testbed.ts';
import { origin } from './wic.ts';

type Environment = Readonly<Record<string, string>>;

const manyConnections = '100000';

export function tableCoreEnvironment({ ports, certificates: { caFile, iCscf } }: Surroundings): Environment {
  return {
    CORE_PORT: String(ports.tableCore),
    CORE_CERT_FILE: iCscf.certFile,
    CORE_KEY_FILE: iCscf.keyFile,
    CORE_CA_FILE: caFile,
  };
}

export function relayEnvironment({ ports, certificates }: Surroundings, lines: number): Environment {
  return {
    RELAY_PORT: String(ports.relay),
    RELAY_LINES: String(lines),
    RELAY_CORE_PORT: String(ports.tableCore),
    RELAY_CORE_NAME: `i-cscf.${homeDomain}`,
    RELAY_CA_FILE: certificates.caFile,
    ...filesOf('RELAY', certificates.w2),
    ...filesOf('RELAY_MW', certificates.epCscf),
  };
}

/** `alone` stands before the core that answers from a table, `whole` before I-CSCF and S-CSCF. */
export function epCscfEnvironment(around: Surroundings, which: 'alone' | 'whole'): Environment {
  const { folder, ports, certificates, issuerUrl } = around;
  const [iCscf, sCscf] = which === 'alone' ? [ports.tableCore, ports.tableCore] : [ports.iCscf, ports.sCscf];
  const names = [`i-cscf.${homeDomain}`, `s-cscf.${homeDomain}`];
  return {
    OPERATIONS_PORT: String(ports[`${which}Operations`]),
    EP_CSCF_PORT: String(ports[`${which}W2`]),
    EP_CSCF_MW_PORT: String(ports[`${which}Mw`]),
    ...filesOf('EP_CSCF_TLS', certificates.w2),
    ...filesOf('EP_CSCF_MW_TLS', certificates.epCscf),
    EP_CSCF_MW_TLS_CA_FILE: certificates.caFile,
    EP_CSCF_ORIGINS: origin,
    EP_CSCF_HOME_DOMAIN: homeDomain,
    EP_CSCF_ICSCF_PORT: String(iCscf),
    EP_CSCF_ICSCF_NAME: `i-cscf.${homeDomain}`,
    EP_CSCF_MW_PEERS: `127.0.0.1:${sCscf}=${which === 'alone' ? names[0] : names[1]}`,
    EP_CSCF_MW_TRUSTED_NAMES: names.join(),
    EP_CSCF_WAF_ISSUER: issuerUrl,
    EP_CSCF_WAF_IDENTITY: `waf.${homeDomain}`,
    EP_CSCF_WAF_CA_FILE: certificates.caFile,
    EP_CSCF_WAF_AUDIENCE: audience,
    EP_CSCF_TURN_SECRET: 'a key that no TURN server of anybody has',
    EP_CSCF_STATE_DIR: join(folder, which),
    EP_CSCF_CONNECTIONS: manyConnections,
    EP_CSCF_CONNECTIONS_PER_ADDRESS: manyConnections,
    EP_CSCF_REQUESTS_PER_SECOND: '100000',
    EP_CSCF_REQUEST_BURST: '100000',
  };
}

export function homeNetworkEnvironment({ folder, ports, certificates }: Surroundings): Environment {
  const peers = [`${ports.wholeMw}=ep-cscf`, `${ports.iCscf}=i-cscf`, `${ports.sCscf}=s-cscf`];
  return {
    OPERATIONS_PORT: String(ports.homeOperations),
    HSS_PORT: String(ports.hss),
    HSS_DATABASE_FILE: join(folder, 'hss.sqlite'),
    HSS_HOME_DOMAIN: homeDomain,
    CORE_HOME_DOMAIN: homeDomain,
    CORE_ICSCF_TLS_PORT: String(ports.iCscf),
    CORE_ICSCF_PORT: '0',
    CORE_SCSCF_TLS_PORT: String(ports.sCscf),
    CORE_SCSCF_PORT: '0',
    ...filesOf('CORE_ICSCF_TLS', certificates.iCscf),
    ...filesOf('CORE_SCSCF_TLS', certificates.sCscf),
    CORE_TLS_CA_FILE: certificates.caFile,
    CORE_MW_PEERS: peers.map((peer) => `127.0.0.1:${peer}.${homeDomain}`).join(),
  };
}

function filesOf(prefix: string, { certFile, keyFile }: Certificate): Environment {
  return { [`${prefix}_CERT_FILE`]: certFile, [`${prefix}_KEY_FILE`]: keyFile };
}

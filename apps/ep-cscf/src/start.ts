/**
 * Starts the eP-CSCF.
 *
 * @module
 */
import {
  ConfigInvalid,
  listenAt,
  type ProcessContext,
  type RunningFunction,
  readAuthorities,
  readTlsMaterial,
} from '@wicgate/node-kit';
import type { TlsIdentity } from '@wicgate/sip-node';
import { createAuthorization } from './authorization/create-authorization.ts';
import type { Config } from './config.ts';
import { EpCscf } from './ep-cscf.ts';
import { readFlowTokenKey } from './registration/flow-token-key.ts';

export interface RunningEpCscf extends RunningFunction {
  /** TCP port of W2. */
  readonly port: number;
  /** TCP port on Mw. */
  readonly mwPort: number;
}

/** @throws {ConfigInvalid | AddressInUse} */
export async function start(config: Config, context: ProcessContext): Promise<RunningEpCscf> {
  const { wafCa, ...files } = readFiles(config);
  const authorization = createAuthorization(config, wafCa, context.log);
  const epCscf = new EpCscf(config, { ...files, authorization }, context);
  try {
    await listen(epCscf, config);
  } catch (error) {
    await epCscf.stop();
    throw error;
  }
  let isDraining = false;
  context.operations.addReadiness('ep-cscf', () => !isDraining);
  const { w2Port: port, mwAddress } = epCscf;
  context.log.info({ event: 'ep-cscf.listening', port, mwAddress });
  return {
    port,
    mwPort: Number(mwAddress.slice(mwAddress.lastIndexOf(':') + 1)),
    stop: async () => {
      isDraining = true;
      context.log.info({ event: 'ep-cscf.draining' });
      await epCscf.stop();
    },
  };
}

/** Mw first: a WIC that gets in finds the way to the core open. */
async function listen(epCscf: EpCscf, config: Config): Promise<void> {
  const mw = { host: config.EP_CSCF_MW_HOST, port: config.EP_CSCF_MW_PORT, setting: 'EP_CSCF_MW_PORT' };
  await listenAt(mw, ({ host, port }) => epCscf.listenMw(host, port));
  const w2 = { host: config.EP_CSCF_HOST, port: config.EP_CSCF_PORT, setting: 'EP_CSCF_PORT' };
  await listenAt(w2, ({ host, port }) => epCscf.listenW2(host, port));
  for (const port of config.EP_CSCF_FURTHER_PORTS) {
    const further = { host: config.EP_CSCF_HOST, port, setting: 'EP_CSCF_FURTHER_PORTS' };
    await listenAt(further, (address) => epCscf.listenW2Further(address.host, address.port));
  }
}

function readFiles(config: Config) {
  const { EP_CSCF_WAF_CA_FILE: wafCaFile, EP_CSCF_TURN_REVOCATION_CA_FILE: turnCaFile } = config;
  const w2 = readTlsMaterial({ cert: config.EP_CSCF_TLS_CERT_FILE, key: config.EP_CSCF_TLS_KEY_FILE, ca: wafCaFile });
  return {
    w2Tls: { cert: w2.cert, key: w2.key },
    mwTls: readMwTls(config),
    wafCa: w2.ca,
    turnCa: turnCaFile === undefined ? undefined : readAuthorities(turnCaFile),
    flowTokenKey: readFlowTokenKey(config.EP_CSCF_STATE_DIR),
  };
}

function readMwTls(config: Config): TlsIdentity {
  const { cert, key, ca } = readTlsMaterial({
    cert: config.EP_CSCF_MW_TLS_CERT_FILE,
    key: config.EP_CSCF_MW_TLS_KEY_FILE,
    ca: config.EP_CSCF_MW_TLS_CA_FILE,
  });
  if (ca === undefined) throw new ConfigInvalid('EP_CSCF_MW_TLS_CA_FILE: expected an authority');
  return { cert, key, ca };
}

/**
 * Starts the I-CSCF and the S-CSCF of a home network in this process.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import type { InProcessCx } from '@wicgate/cx';
import type { ProcessContext, RunningFunction } from '@wicgate/node-kit';
import { readTlsMaterial } from '@wicgate/node-kit';
import type { TlsIdentity } from '@wicgate/sip-node';
import type { Config } from './config.ts';
import { createICscf } from './i-cscf/i-cscf.ts';
import type { CoreLogger } from './log-event.ts';
import { PeerTable } from './mw/peer-table.ts';
import { createSCscf } from './s-cscf/s-cscf.ts';

export interface RunningCore extends RunningFunction {
  /** `host:port` of the I-CSCF for trusted peers. */
  readonly iCscfAddress: string;
  readonly sCscfAddress: string;
}

/** @throws {AddressInUse} @throws {ConfigInvalid} certificate and key do not belong together. */
export async function start(
  config: Config,
  context: ProcessContext,
  { cx }: { cx: InProcessCx },
): Promise<RunningCore> {
  const log: CoreLogger = context.log;
  const surroundings = {
    host: config.CORE_HOST,
    homeDomain: config.CORE_HOME_DOMAIN,
    peers: new PeerTable(config.CORE_MW_PEERS),
    hss: cx.hss,
    log,
  };
  const sCscf = createSCscf({
    ...surroundings,
    tls: readIdentity(config.CORE_SCSCF_TLS_CERT_FILE, config.CORE_SCSCF_TLS_KEY_FILE, config.CORE_TLS_CA_FILE),
    tlsPort: config.CORE_SCSCF_TLS_PORT,
    tlsSetting: 'CORE_SCSCF_TLS_PORT',
    port: config.CORE_SCSCF_PORT,
    setting: 'CORE_SCSCF_PORT',
    hashIdentity: context.hashIdentity,
    iCscf: () => `sip:${iCscf.address};transport=tls`,
    minExpiresSeconds: config.CORE_MIN_EXPIRES_SECONDS,
    maxExpiresSeconds: config.CORE_MAX_EXPIRES_SECONDS,
  });
  const iCscf = createICscf({
    ...surroundings,
    tls: readIdentity(config.CORE_ICSCF_TLS_CERT_FILE, config.CORE_ICSCF_TLS_KEY_FILE, config.CORE_TLS_CA_FILE),
    tlsPort: config.CORE_ICSCF_TLS_PORT,
    tlsSetting: 'CORE_ICSCF_TLS_PORT',
    port: config.CORE_ICSCF_PORT,
    setting: 'CORE_ICSCF_PORT',
    defaultServerName: sCscf.serverName,
  });

  await sCscf.element.listen();
  await iCscf.listen();
  const detach = cx.attachSCscf(sCscf.serverName(), sCscf.cx);
  context.operations.addReadiness('core', () => true);
  log.info({ event: 'core.started', iCscf: iCscf.address, sCscf: sCscf.element.address });
  return {
    iCscfAddress: iCscf.address,
    sCscfAddress: sCscf.element.address,
    stop: async () => {
      detach();
      sCscf.registrar.registrations.stop();
      await Promise.all([iCscf.endpoint.stop(), sCscf.element.endpoint.stop()]);
    },
  };
}

function readIdentity(cert: string, key: string, ca: string): TlsIdentity {
  return { ...readTlsMaterial({ cert, key }), ca: readFileSync(ca) };
}

/**
 * Starts the I-CSCF and the S-CSCF of a home network in this process.
 *
 * @module
 */
import type { InProcessCx } from '@wicgate/cx';
import { ConfigInvalid, type ProcessContext, type RunningFunction, readTlsMaterial } from '@wicgate/node-kit';
import type { TlsIdentity } from '@wicgate/sip-node';
import type { Config } from './config.ts';
import { createICscf } from './i-cscf/i-cscf.ts';
import type { CoreLogger } from './log-event.ts';
import { type CoreMetrics, createMetrics } from './metrics.ts';
import { hostPort } from './mw/host-port.ts';
import type { MwElement } from './mw/mw-element.ts';
import { PeerTable } from './mw/peer-table.ts';
import { addOperatorApi } from './operator-api.ts';
import { BarredAuthorities } from './s-cscf/barring/barred-authorities.ts';
import { createSCscf, type SCscf } from './s-cscf/s-cscf.ts';

export interface RunningCore extends RunningFunction {
  /** `host:port` of the I-CSCF for trusted peers. */
  readonly iCscfAddress: string;
  /** Its TCP and UDP port for untrusted peers. */
  readonly iCscfPort: number;
  readonly sCscfAddress: string;
  readonly sCscfPort: number;
}

interface Cscfs {
  readonly iCscf: MwElement;
  readonly sCscf: SCscf;
  readonly barred: BarredAuthorities;
}

/** @throws {AddressInUse} @throws {ConfigInvalid} certificate and key do not belong together. */
export async function start(
  config: Config,
  context: ProcessContext,
  { cx }: { cx: InProcessCx },
): Promise<RunningCore> {
  const log: CoreLogger = context.log;
  const elements: { cscfs?: Cscfs } = {};
  const metrics = createMetrics(context.operations.metrics, {
    registrations: () => elements.cscfs?.sCscf.registrar.registrations.size ?? 0,
    bindings: () => elements.cscfs?.sCscf.registrar.registrations.bindingCount ?? 0,
    subscriptions: () => elements.cscfs?.sCscf.registrationEvent.size ?? 0,
    connections: (name) => findElement(elements.cscfs, name)?.endpoint.connections ?? 0,
    transactions: (name) => findElement(elements.cscfs, name)?.endpoint.layer.size ?? 0,
  });
  try {
    elements.cscfs = createCscfs(config, context, { cx, metrics });
    await elements.cscfs.sCscf.element.listen();
    await elements.cscfs.iCscf.listen();
  } catch (error) {
    await stop(elements.cscfs, metrics);
    throw error;
  }
  const { iCscf, sCscf, barred } = elements.cscfs;
  const removeOperatorApi = addOperatorApi(context.operations, {
    registrar: sCscf.registrar,
    clock: sCscf.element.endpoint.clock,
    withinSeconds: config.CORE_REAUTHENTICATION_SECONDS,
    barred,
    log,
  });
  const detach = cx.attachSCscf(sCscf.serverName(), sCscf.cx);
  let isReady = true;
  context.operations.addReadiness('core', () => isReady);
  log.info({ event: 'core.started', iCscf: iCscf.address, sCscf: sCscf.element.address });
  return {
    iCscfAddress: iCscf.address,
    iCscfPort: iCscf.port,
    sCscfAddress: sCscf.element.address,
    sCscfPort: sCscf.element.port,
    stop: async () => {
      isReady = false;
      detach();
      removeOperatorApi();
      await stop(elements.cscfs, metrics);
    },
  };
}

function createCscfs(
  config: Config,
  { log, hashIdentity }: ProcessContext,
  { cx, metrics }: { readonly cx: InProcessCx; readonly metrics: CoreMetrics },
): Cscfs {
  const surroundings = {
    host: config.CORE_HOST,
    homeDomain: config.CORE_HOME_DOMAIN,
    peers: new PeerTable(config.CORE_MW_PEERS),
    hss: cx.hss,
    log: log as CoreLogger,
    counts: metrics,
    strangers: { perSecond: config.CORE_UNTRUSTED_REQUESTS_PER_SECOND, burst: config.CORE_UNTRUSTED_BURST },
  };
  const ca = config.CORE_TLS_CA_FILE;
  const barred = new BarredAuthorities({
    configured: config.CORE_BARRED_AUTHORITIES,
    file: config.CORE_BARRED_AUTHORITIES_FILE,
  });
  const sCscf: SCscf = createSCscf({
    ...surroundings,
    tls: readIdentity(config.CORE_SCSCF_TLS_CERT_FILE, config.CORE_SCSCF_TLS_KEY_FILE, ca),
    tlsPort: config.CORE_SCSCF_TLS_PORT,
    tlsSetting: 'CORE_SCSCF_TLS_PORT',
    port: config.CORE_SCSCF_PORT,
    setting: 'CORE_SCSCF_PORT',
    hashIdentity,
    iCscf: () => `sip:${iCscf.address};transport=tls`,
    minExpiresSeconds: config.CORE_MIN_EXPIRES_SECONDS,
    maxExpiresSeconds: config.CORE_MAX_EXPIRES_SECONDS,
    maxRegistrations: config.CORE_MAX_REGISTRATIONS,
    digestTargets: () => [
      config.CORE_HOME_DOMAIN,
      iCscf.address,
      hostPort(config.CORE_HOST, iCscf.port),
      sCscf.element.address,
      hostPort(config.CORE_HOST, sCscf.element.port),
    ],
    challengesRequests: config.CORE_CHALLENGE_REQUESTS === 'on',
    barredAuthorities: barred,
  });
  const iCscf: MwElement = createICscf({
    ...surroundings,
    tls: readIdentity(config.CORE_ICSCF_TLS_CERT_FILE, config.CORE_ICSCF_TLS_KEY_FILE, ca),
    tlsPort: config.CORE_ICSCF_TLS_PORT,
    tlsSetting: 'CORE_ICSCF_TLS_PORT',
    port: config.CORE_ICSCF_PORT,
    setting: 'CORE_ICSCF_PORT',
    defaultServerName: sCscf.serverName,
  });
  return { iCscf, sCscf, barred };
}

/** Requests under way are not waited for: their senders ask again, and registrations are only in memory. */
async function stop(cscfs: Cscfs | undefined, metrics: CoreMetrics): Promise<void> {
  cscfs?.sCscf.registrationEvent.stop();
  cscfs?.sCscf.registrar.registrations.stop();
  await Promise.all([cscfs?.iCscf.endpoint.stop(), cscfs?.sCscf.element.endpoint.stop()]);
  metrics.remove();
}

function findElement(cscfs: Cscfs | undefined, name: 'i-cscf' | 's-cscf'): MwElement | undefined {
  return name === 'i-cscf' ? cscfs?.iCscf : cscfs?.sCscf.element;
}

/** @throws {ConfigInvalid} */
function readIdentity(certFile: string, keyFile: string, caFile: string): TlsIdentity {
  const { cert, key, ca } = readTlsMaterial({ cert: certFile, key: keyFile, ca: caFile });
  if (ca === undefined) throw new ConfigInvalid('CORE_TLS_CA_FILE: expected the path of a file');
  return { cert, key, ca };
}

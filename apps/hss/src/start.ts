/**
 * The HSS, running: Cx, provisioning API and database.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { type CxHss, createInProcessCx, type InProcessCx } from '@wicgate/cx';
import type { ProcessContext, RunningFunction } from '@wicgate/node-kit';
import type { Config } from './config.ts';
import { createCxHssEndpoint } from './cx/cx-hss-endpoint.ts';
import type { HssLogger } from './events.ts';
import { createMetrics } from './metrics.ts';
import { IdentityRanges } from './provisioning/identity-ranges.ts';
import { type ProvisioningServer, startProvisioningServer } from './provisioning/provisioning-server.ts';
import { SCscfNotifier } from './provisioning/s-cscf-notifier.ts';
import { Subscriptions } from './provisioning/subscriptions.ts';
import { SubscriptionStore } from './subscriptions/subscription-store.ts';

export interface RunningHss extends RunningFunction {
  /** The HSS as CSCFs see it, over the transport it was given. */
  readonly cx: CxHss;
  /** What the provisioning API does, without HTTP. */
  readonly subscriptions: Subscriptions;
  /** The same for ranges of identities. */
  readonly identityRanges: IdentityRanges;
  /** TCP port of the provisioning API. */
  readonly port: number;
}

export interface HssWiring {
  /** The transport that the CSCFs of this process share; without it the HSS has one to itself. */
  readonly cx?: InProcessCx;
  /** That many octets from a cryptographic generator; without it, that of Node. Only vectors of the specification need another. */
  readonly randomOctets?: (count: number) => Uint8Array;
}

/** A function stops within 5 s. */
const drainMs = 3_000;

/**
 * Resolves once subscriptions can be provisioned and Cx is answered.
 *
 * @throws {ConfigInvalid} the database file cannot be used.
 * @throws {AddressInUse}
 */
export async function start(config: Config, context: ProcessContext, wiring: HssWiring = {}): Promise<RunningHss> {
  const log: HssLogger = context.log;
  const { hashIdentity } = context;
  const cx = wiring.cx ?? createInProcessCx({ after });
  const store = new SubscriptionStore(config.HSS_DATABASE_FILE);
  const metrics = createMetrics(context.operations.metrics, store);
  const notifier = new SCscfNotifier({ sCscf: cx.sCscf, log, hashIdentity, count: metrics.countAnswer });
  const subscriptions = new Subscriptions({ store, notifier, log, hashIdentity, realm: config.HSS_HOME_DOMAIN });
  const identityRanges = new IdentityRanges({ store, notifier, log });
  const { HSS_HOST: host, HSS_PORT: port } = config;
  const provisioning = await startProvisioningServer({ host, port, subscriptions, identityRanges, log }).catch(
    async (error) => {
      metrics.remove();
      await store.close();
      throw error;
    },
  );
  const homeDomain = config.HSS_HOME_DOMAIN;
  const count = (command: string, { name }: { readonly name: string }): void => metrics.countAnswer(command, name);
  const { randomOctets = randomBytes } = wiring;
  const detach = cx.attachHss(createCxHssEndpoint({ store, homeDomain, log, hashIdentity, randomOctets, count }));
  let ready = true;
  context.operations.addReadiness('hss', () => ready);
  log.info({ event: 'hss.started', host, port: provisioning.port });
  return {
    cx: cx.hss,
    subscriptions,
    identityRanges,
    port: provisioning.port,
    stop: () => {
      ready = false;
      detach();
      metrics.remove();
      return stop(provisioning, [subscriptions, identityRanges], store);
    },
  };
}

/** Commands of Cx under way end with the database's last transaction. */
async function stop(
  provisioning: ProvisioningServer,
  provisioned: readonly { drain(): Promise<void> }[],
  store: SubscriptionStore,
): Promise<void> {
  await provisioning.close();
  // What is stored is stored already; an S-CSCF that does not answer is not waited for.
  let cancel = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    cancel = after(drainMs, resolve);
  });
  await Promise.race([Promise.all(provisioned.map((part) => part.drain())), late]).finally(() => cancel());
  await store.close();
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

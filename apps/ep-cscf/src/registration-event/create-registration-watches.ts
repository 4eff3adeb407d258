/**
 * The watches over the registrations of our users, as the eP-CSCF has them.
 *
 * @module
 */
import type { Endpoint, NodeFlow } from '@wicgate/sip-node';
import type { Config } from '../config.ts';
import type { EpCscfLogger } from '../log-event.ts';
import type { Metrics } from '../metrics.ts';
import type { CoreLink } from '../mw/core-link.ts';
import { entryOf } from '../mw/entry-of.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { PeerTable } from '../mw/peer-table.ts';
import type { RegisteredFlows } from '../registration/registered-flows.ts';
import type { TokenBucket } from '../w2/token-bucket.ts';
import { createSubscribeSender } from './create-subscribe-sender.ts';
import { RegistrationWatches } from './registration-watches.ts';

const clause = 'TS 24.229 5.2.3';

export interface WatchesSurroundings {
  readonly endpoint: Endpoint;
  readonly core: CoreLink;
  readonly peers: PeerTable;
  readonly routes: OwnRoutes;
  readonly flows: RegisteredFlows;
  /** `host:port` of ours on Mw. */
  readonly address: () => string;
  readonly closeConnection: (connection: NodeFlow, code: number) => void;
  /** Bounds the lines about failures. */
  readonly lines: Pick<TokenBucket, 'take'>;
  readonly metrics: Pick<Metrics, 'countWatchFailure'>;
}

export function createRegistrationWatches(
  config: Config,
  { log, hashIdentity }: { readonly log: EpCscfLogger; readonly hashIdentity: (impi: string) => string },
  around: WatchesSurroundings,
): RegistrationWatches {
  const { endpoint, core, lines, metrics } = around;
  const { layer, clock } = endpoint;
  return new RegistrationWatches({
    ...around,
    clock,
    random: Math.random,
    createToken: () => layer.createToken(),
    // Whoever is being left counts still.
    maxSubscriptions: 2 * config.EP_CSCF_CONNECTIONS,
    send: createSubscribeSender({
      ...around,
      entry: entryOf(config),
      homeDomain: config.EP_CSCF_HOME_DOMAIN,
      flowTo: (peer) => core.flowTo(peer),
      request: (request, flow, inform) => layer.request(request, flow, inform),
    }),
    onTold: (impi) => log.debug({ event: 'registration-event.told', clause, impi: hashIdentity(impi) }),
    onEnded: (impi, reason) =>
      log.debug({ event: 'registration-event.ended', clause, impi: hashIdentity(impi), reason }),
    // The registration stands all the same (TS 24.229 5.2.3).
    onFailure: (impi, reason) => {
      metrics.countWatchFailure(reason);
      if (!lines.take()) return;
      log.warn({ event: 'registration-event.failed', clause, impi: hashIdentity(impi), reason });
    },
  });
}

/**
 * What the core sends on Mw: requests for WICs, along the Path or the Record-Route that we gave it, and NOTIFYs for us.
 *
 * @module
 */
import type { ServerTransaction, SipRequest, StatefulProxy } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { RequestRefused } from '../errors.ts';
import type { Refusals } from '../refuse.ts';
import type { RegistrationWatches } from '../registration-event/registration-watches.ts';
import { prepareToUe, responseFromUe, type ToUeContext } from '../sessions/to-ue.ts';

export interface MwRequestsOptions {
  /** Certificate names of the nodes that may send. */
  readonly trustedNames: readonly string[];
  readonly sessions: ToUeContext;
  readonly watches: Pick<RegistrationWatches, 'isFor' | 'receive'>;
  readonly proxy: StatefulProxy<NodeFlow>;
  readonly refusals: Refusals;
}

export class MwRequests {
  readonly #options: MwRequestsOptions;
  readonly #trustedNames: ReadonlySet<string>;

  constructor(options: MwRequestsOptions) {
    this.#options = options;
    this.#trustedNames = new Set(options.trustedNames);
  }

  onRequest(transaction: ServerTransaction<NodeFlow>): void {
    try {
      this.#answer(transaction);
    } catch (error) {
      this.#options.refusals.refuse(transaction, error);
    }
  }

  onAck(ack: SipRequest, peer: NodeFlow): void {
    try {
      this.#checkPeer(peer);
      const { request, flow } = prepareToUe(ack, this.#options.sessions);
      this.#options.proxy.forwardAck(request, flow.connection);
    } catch (error) {
      this.#options.refusals.drop(peer, error);
    }
  }

  #answer(transaction: ServerTransaction<NodeFlow>): void {
    this.#checkPeer(transaction.flow);
    const { proxy, sessions, watches } = this.#options;
    if (watches.isFor(transaction.request)) {
      watches.receive(transaction);
      return;
    }
    if (transaction.request.method === 'CANCEL') {
      proxy.cancel(transaction);
      return;
    }
    const { request, flow } = prepareToUe(transaction.request, sessions);
    // A flow that breaks now is as gone as one that broke before (RFC 5626 5.3).
    proxy.forward(transaction, [{ request, flow: flow.connection, failureStatusCode: 430 }], {
      onResponse: (response, target) => responseFromUe(response, target.request, flow),
      onFinal: () => {
        if (request.method === 'BYE') sessions.emergencies.end(flow.connection, callIdOf(request));
      },
    });
  }

  /** Mutual TLS proved a name; only the names on the list are the core's (TS 33.210). */
  #checkPeer({ peer }: NodeFlow): void {
    if (!peer.certificateNames.some((name) => this.#trustedNames.has(name))) throw new RequestRefused('untrusted peer');
  }
}

function callIdOf({ headers }: SipRequest): string {
  return headers.first('Call-ID') ?? '';
}

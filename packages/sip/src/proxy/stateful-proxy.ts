/**
 * Stateful proxy (RFC 3261 16): forwards, forks, picks the best response, cancels.
 *
 * Where a request goes and what it carries is for the caller; this owns what happens between sending and answering.
 *
 * @module
 */
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction, TransactionLayer } from '../transactions/transaction-layer.ts';
import { ResponseContext } from './response-context.ts';

export interface ProxyTarget<F extends Flow = Flow> {
  /** As it shall leave, without a Via of ours. */
  readonly request: SipRequest;
  readonly flow: F;
  /** What counts as its answer when the transport fails; 503 unless given (RFC 3261 16.9). */
  readonly failureStatusCode?: number;
}

export interface ForwardHooks<F extends Flow = Flow> {
  /** Sees each response of a target, our Via already gone; what it returns travels on. */
  readonly onResponse?: (response: SipResponse, target: ProxyTarget<F>) => SipResponse;
  /** The final response that went upstream, once. */
  readonly onFinal?: (response: SipResponse) => void;
}

export interface ProxyOptions<F extends Flow> {
  readonly layer: TransactionLayer<F>;
  readonly clock: Clock;
}

export class StatefulProxy<F extends Flow = Flow> {
  readonly #layer: TransactionLayer<F>;
  readonly #clock: Clock;
  readonly #contexts = new Map<ServerTransaction<F>, ResponseContext<F>>();
  /** Given up by their senders while it was still being found out where they go. */
  readonly #cancelled = new WeakSet<ServerTransaction<F>>();

  constructor({ layer, clock }: ProxyOptions<F>) {
    this.#layer = layer;
    this.#clock = clock;
  }

  /** How many requests wait for their final response. */
  get size(): number {
    return this.#contexts.size;
  }

  /**
   * Forwards to all targets at once. Provisional responses, every 2xx to INVITE and the best final one go upstream. An
   * INVITE that was cancelled before goes nowhere: it is answered 487.
   */
  forward(transaction: ServerTransaction<F>, targets: readonly ProxyTarget<F>[], hooks: ForwardHooks<F> = {}): void {
    if (targets.length === 0) throw new TypeError('expected at least one target');
    if (this.#cancelled.has(transaction)) {
      const response = createResponse(transaction.request, 487, { toTag: this.#layer.createToken() });
      transaction.respond(response);
      hooks.onFinal?.(response);
      return;
    }
    const context = new ResponseContext(transaction, targets, hooks, {
      layer: this.#layer,
      clock: this.#clock,
      forget: () => this.#contexts.delete(transaction),
    });
    this.#contexts.set(transaction, context);
    context.start();
  }

  /** Answers a CANCEL and cancels what its INVITE was forwarded to, or is about to be (RFC 3261 16.10). */
  cancel(cancel: ServerTransaction<F>): void {
    const invite = this.#layer.findInvite(cancel.request);
    const statusCode = invite === undefined ? 481 : 200;
    cancel.respond(createResponse(cancel.request, statusCode, { toTag: this.#layer.createToken() }));
    if (invite !== undefined) this.abandon(invite, cancel.request.headers.first('Reason'));
  }

  /** Cancels what an INVITE was forwarded to: nobody waits for the answer any more. */
  abandon(invite: ServerTransaction<F>, reason?: string): void {
    const context = this.#contexts.get(invite);
    if (context !== undefined) context.cancel(reason);
    else this.#cancelled.add(invite);
  }

  /** Forwards an ACK for a 2xx, which no transaction waits for (RFC 3261 16.11). */
  forwardAck(ack: SipRequest, flow: F): void {
    this.#layer.sendAck(ack, flow);
  }
}

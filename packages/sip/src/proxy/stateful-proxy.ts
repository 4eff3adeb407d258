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
import { LoopDetection } from './loop-detection.ts';
import { breadthOf } from './max-breadth.ts';
import { ResponseContext } from './response-context.ts';

export interface ProxyTarget<F extends Flow = Flow> {
  /** As it shall leave, without a Via of ours. */
  readonly request: SipRequest;
  readonly flow: F;
  /** What counts as its answer when the transport fails; 503 unless given (RFC 3261 16.9). */
  readonly failureStatusCode?: number;
  /** 0 to 1: targets of a lower q wait until all of a higher one have refused. 1 unless given (RFC 3261 16.6). */
  readonly q?: number | undefined;
}

export interface ForwardHooks<F extends Flow = Flow> {
  /**
   * Sees each response of a target, our Via already gone; what it returns travels on. Where it throws, a final response
   * counts as a 502, a provisional one is dropped, and the error goes to whoever brought the response.
   */
  readonly onResponse?: (response: SipResponse, target: ProxyTarget<F>) => SipResponse;
  /**
   * The targets that a 3xx leads to, tried when the present ones have refused; without any, or without this hook, the
   * 3xx counts as a refusal (RFC 3261 16.7 step 4).
   */
  readonly onRedirect?: (response: SipResponse, target: ProxyTarget<F>) => readonly ProxyTarget<F>[];
  /**
   * The final response that went upstream, once. A 408 to another method than INVITE is told here only: nothing goes
   * upstream then (RFC 4320 4.2).
   */
  readonly onFinal?: (response: SipResponse) => void;
}

export interface ProxyOptions<F extends Flow> {
  readonly layer: TransactionLayer<F>;
  readonly clock: Clock;
  /** How many targets a request may have, those of redirections counted in; 60 unless given. */
  readonly maxTargets?: number;
}

export class StatefulProxy<F extends Flow = Flow> {
  readonly #layer: TransactionLayer<F>;
  readonly #clock: Clock;
  readonly #maxTargets: number;
  readonly #loops: LoopDetection;
  readonly #contexts = new Map<ServerTransaction<F>, ResponseContext<F>>();
  /** Given up by their senders while it was still being found out where they go. */
  readonly #cancelled = new WeakSet<ServerTransaction<F>>();

  constructor({ layer, clock, maxTargets = 60 }: ProxyOptions<F>) {
    this.#layer = layer;
    this.#clock = clock;
    this.#maxTargets = maxTargets;
    this.#loops = new LoopDetection(layer.createToken() + layer.createToken());
  }

  /** How many requests wait for their final response. */
  get size(): number {
    return this.#contexts.size;
  }

  /**
   * Forwards to all targets of the highest q at once, then to those of the next, and so on. Provisional responses to
   * INVITE, every 2xx to it and the best final one go upstream. It goes nowhere and is answered 487 where it was
   * cancelled before, 482 where it has come back unchanged (RFC 5393 4), 440 where it may not have another branch
   * (RFC 5393 5); where it may have fewer than there are targets, they are tried in turn.
   *
   * @throws {HeaderMalformed} @throws {TypeError} no target, or too many.
   */
  forward(transaction: ServerTransaction<F>, targets: readonly ProxyTarget<F>[], hooks: ForwardHooks<F> = {}): void {
    if (targets.length === 0) throw new TypeError('expected at least one target');
    if (targets.length > this.#maxTargets) throw new TypeError(`expected at most ${this.#maxTargets} targets`);
    const { request } = transaction;
    const branchEnd = this.#loops.branchEnd(request);
    const breadth = breadthOf(request);
    if (this.#cancelled.has(transaction)) this.#refuse(transaction, 487, hooks);
    else if (this.#loops.isLoop(request, branchEnd)) this.#refuse(transaction, 482, hooks);
    else if (breadth === 0) this.#refuse(transaction, 440, hooks);
    else {
      const context = new ResponseContext(transaction, {
        layer: this.#layer,
        clock: this.#clock,
        maxTargets: this.#maxTargets,
        hooks,
        branchEnd,
        breadth,
        forget: () => this.#contexts.delete(transaction),
      });
      this.#start(transaction, context, targets);
    }
  }

  /**
   * Answers a CANCEL and cancels what its INVITE was forwarded to, or is about to be (RFC 3261 16.10). Of requests that
   * were forwarded without state nothing is known here: the CANCEL of one is answered 481.
   */
  cancel(cancel: ServerTransaction<F>): void {
    const { request } = cancel;
    const found = this.#layer.findCancelled(request);
    const statusCode = found === undefined ? 481 : 200;
    cancel.respond(createResponse(request, statusCode, { toTag: this.#layer.createToken() }));
    if (found?.request.method !== 'INVITE') return;
    const reasons = request.headers.all('Reason');
    this.abandon(found, reasons.length === 0 ? undefined : reasons.join(', '));
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

  /** What cannot be sent at all leaves nothing behind. */
  #start(transaction: ServerTransaction<F>, context: ResponseContext<F>, targets: readonly ProxyTarget<F>[]): void {
    this.#contexts.set(transaction, context);
    try {
      context.start(targets);
    } catch (error) {
      context.cancel();
      this.#contexts.delete(transaction);
      throw error;
    }
  }

  #refuse(transaction: ServerTransaction<F>, statusCode: number, hooks: ForwardHooks<F>): void {
    const toTag = this.#layer.createToken();
    const response = createResponse(transaction.request, statusCode, { toTag });
    transaction.respond(response);
    hooks.onFinal?.(response);
  }
}

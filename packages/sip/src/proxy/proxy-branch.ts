/**
 * One way that a request was forwarded: its client transaction, Timer C, its CANCEL (RFC 3261 16.6 to 16.10).
 *
 * @module
 */
import type { SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { ClientTransaction, TransactionLayer } from '../transactions/transaction-layer.ts';
import type { ProxyTarget } from './stateful-proxy.ts';

export interface Surroundings<F extends Flow> {
  readonly layer: TransactionLayer<F>;
  readonly clock: Clock;
}

export interface BranchUser<F extends Flow> {
  /** With our Via on top. */
  onResponse(branch: ProxyBranch<F>, response: SipResponse): void;
  /** No final response will come: as if this one had (RFC 3261 16.8, 16.9). */
  onFailure(branch: ProxyBranch<F>, statusCode: number): void;
}

/** More than three minutes (RFC 3261 16.6 step 11). */
const timerC = 181_000;

export class ProxyBranch<F extends Flow> {
  /** The very one that the caller gave. */
  readonly target: ProxyTarget<F>;
  readonly #around: Surroundings<F>;
  readonly #user: BranchUser<F>;
  readonly #isInvite: boolean;
  #client: ClientTransaction<F> | undefined;
  #stopTimer: (() => void) | undefined;
  #isCancelled = false;
  #hasEnded = false;

  constructor(target: ProxyTarget<F>, user: BranchUser<F>, around: Surroundings<F>) {
    this.target = target;
    this.#user = user;
    this.#around = around;
    this.#isInvite = target.request.method === 'INVITE';
  }

  /** Whether it has its final response, received or concluded. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Forwards, with its share of the breadth (RFC 5393 5.3.3). */
  start(branchEnd: string, breadth: number): void {
    const { request: wanted, flow } = this.target;
    const request = { ...wanted, headers: wanted.headers.set('Max-Breadth', String(breadth)) };
    this.#client = this.#around.layer.request(request, flow, (event) => this.#onEvent(event), [], branchEnd);
    if (!this.#hasEnded) this.#startTimerC();
  }

  /** An INVITE without final response; once. The layer waits for a provisional response and ends the wait (9.1). */
  cancel(reason?: string): void {
    if (!this.#isInvite || this.#hasEnded || this.#isCancelled || this.#client === undefined) return;
    this.#isCancelled = true;
    this.#stopTimer?.();
    this.#around.layer.cancel(this.#client, undefined, reason);
  }

  #onEvent(event: ClientEvent): void {
    if (event.type === 'response') {
      this.#onResponse(event.response);
      return;
    }
    // An ACK that could not be sent changes nothing any more.
    if (this.#hasEnded) return;
    this.#end();
    if (this.#isCancelled) this.#user.onFailure(this, 487);
    else this.#user.onFailure(this, event.type === 'timeout' ? 408 : (this.target.failureStatusCode ?? 503));
  }

  #onResponse(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode >= 200) this.#end();
    else if (this.#hasEnded) return;
    else if (statusCode > 100) this.#startTimerC();
    this.#user.onResponse(this, response);
  }

  #end(): void {
    this.#hasEnded = true;
    this.#stopTimer?.();
  }

  /**
   * Anew with each provisional response but 100 (16.7 step 2). When it fires one has come, or timer B had ended all:
   * what is left to do is to cancel (16.8).
   */
  #startTimerC(): void {
    if (!this.#isInvite || this.#isCancelled) return;
    this.#stopTimer?.();
    this.#stopTimer = this.#around.clock.after(timerC, () => this.cancel());
  }
}

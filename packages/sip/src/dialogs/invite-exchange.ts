/**
 * One INVITE at a time in a dialog, and what to do when both ends send one (RFC 3261 14.1, 14.2).
 *
 * @module
 */
import { InviteOverlapped, RequestPending } from '../errors.ts';

/** What an {@link InviteExchange} starts with. */
export interface InviteExchangeOptions {
  /** Whether this end made the Call-ID: it waits longer after a 491, so that the two do not meet again (14.1). */
  readonly ownsCallId: boolean;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** The INVITEs of one dialog: which may be sent, and which is refused with 491 or 500 (RFC 3261 14). */
export class InviteExchange {
  readonly #options: InviteExchangeOptions;
  #sent = false;
  #received: 'none' | 'unanswered' | 'answered' = 'none';

  constructor(options: InviteExchangeOptions) {
    this.#options = options;
  }

  /** Whether an INVITE may be sent now (14.1). */
  get isIdle(): boolean {
    return !this.#sent && this.#received === 'none';
  }

  /** An INVITE goes out. @throws {TypeError} not {@link isIdle}. */
  send(): void {
    if (!this.isIdle) throw new TypeError('expected no other INVITE under way');
    this.#sent = true;
  }

  /** The INVITE that went out has its final response, or has failed. */
  sentEnds(): void {
    this.#sent = false;
  }

  /**
   * An INVITE comes in (14.2).
   *
   * @throws {RequestPending} ours is under way: 491. @throws {InviteOverlapped} the last one waits for its answer: 500.
   */
  receive(): void {
    if (this.#sent) throw new RequestPending();
    if (this.#received === 'unanswered') throw new InviteOverlapped(Math.floor(this.#options.random() * 11));
    this.#received = 'unanswered';
  }

  /** The final response to the INVITE that came in has gone out. */
  answer(): void {
    if (this.#received === 'unanswered') this.#received = 'answered';
  }

  /** The ACK has come, or never will. That of an earlier INVITE ends nothing while a later one waits for its answer. */
  acknowledged(): void {
    if (this.#received === 'answered') this.#received = 'none';
  }

  /** The INVITE that came in is over, whatever it waited for. */
  receivedEnds(): void {
    this.#received = 'none';
  }

  /** Milliseconds to wait after a 491 until the INVITE is tried again: 2.1 to 4 s for the owner, 0 to 2 s (14.1). */
  retryDelayMs(): number {
    const { ownsCallId, random } = this.#options;
    return ownsCallId ? 2_100 + 10 * Math.floor(random() * 191) : 10 * Math.floor(random() * 201);
  }
}

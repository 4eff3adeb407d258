/**
 * A 2xx to INVITE that waits for its ACK (RFC 3261 13.3.1.4): the user agent repeats it, over reliable transports too,
 * for a proxy further on may have lost it.
 *
 * @module
 */
import { ResponseOutOfTurn } from '../errors.ts';
import { readCSeq } from '../headers/cseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1, T2 } from '../transactions/timers.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';

/** What an {@link AcceptedInvite} starts with. */
export interface AcceptedInviteOptions<F extends Flow = Flow> {
  readonly clock: Clock;
  readonly transaction: ServerTransaction<F>;
  /** The 2xx, with its To tag. */
  readonly response: SipResponse;
  /** The first ACK has come; its body is the answer where the 2xx was the offer. */
  readonly onAck: (ack: SipRequest) => void;
  /** No ACK in 64*T1: the dialog is confirmed all the same, and ends with a BYE (13.3.1.4). */
  readonly onTimeout: () => void;
}

/**
 * A 2xx on its way: sent at once, then every T1, doubling to T2, until its ACK comes or 64*T1 are over (RFC 3261
 * 13.3.1.4).
 */
export class AcceptedInvite<F extends Flow = Flow> {
  readonly #options: AcceptedInviteOptions<F>;
  #interval = T1;
  #stopRepeat: (() => void) | undefined;
  #stopTimeout: (() => void) | undefined;

  /**
   * Sends the 2xx.
   *
   * @throws {ResponseOutOfTurn} another final response has gone out before.
   */
  constructor(options: AcceptedInviteOptions<F>) {
    this.#options = options;
    options.transaction.respond(options.response);
    this.#stopTimeout = options.clock.after(64 * T1, () => {
      this.stop();
      options.onTimeout();
    });
    this.#startRepeat();
  }

  /** Neither ACK, timeout nor {@link stop} has come yet. */
  get isWaiting(): boolean {
    return this.#stopTimeout !== undefined;
  }

  /** Whether `ack`, found to belong to the dialog, acknowledges this INVITE: its CSeq has the same number. */
  receiveAck(ack: SipRequest): boolean {
    if (numberOf(ack) !== numberOf(this.#options.transaction.request)) return false;
    if (!this.isWaiting) return true;
    this.stop();
    this.#options.onAck(ack);
    return true;
  }

  /** The dialog is over, by BYE or with its flow. */
  stop(): void {
    this.#stopRepeat?.();
    this.#stopTimeout?.();
    this.#stopRepeat = undefined;
    this.#stopTimeout = undefined;
  }

  #startRepeat(): void {
    this.#stopRepeat = this.#options.clock.after(this.#interval, () => this.#repeat());
    this.#interval = Math.min(2 * this.#interval, T2);
  }

  #repeat(): void {
    try {
      this.#options.transaction.respond(this.#options.response);
    } catch (error) {
      // The transaction has ended before us; there is nobody left to repeat to, but the timeout still comes.
      if (error instanceof ResponseOutOfTurn) return;
      throw error;
    }
    this.#startRepeat();
  }
}

function numberOf({ headers }: SipRequest): number {
  return readCSeq(headers).number;
}

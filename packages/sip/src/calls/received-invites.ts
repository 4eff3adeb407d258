/**
 * The INVITEs of the far end in one dialog: the last one, and the one before while its ACK is on the way
 * (RFC 3261 13.3.1.4, 14.2).
 *
 * @module
 */
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { ReceivedInvite } from './received-invite.ts';
import { respond } from './respond.ts';

/** At most two INVITEs that are not done with. */
export class ReceivedInvites<F extends Flow = Flow> {
  /** The one that made the dialog; only its provisional responses are reliable. */
  #first: ReceivedInvite<F> | undefined;
  #last: ReceivedInvite<F> | undefined;
  #before: ReceivedInvite<F> | undefined;

  /** Our last reliable response has no PRACK. */
  get isPrackDue(): boolean {
    return this.#first?.isPrackDue === true;
  }

  /** A 2xx of ours has no ACK. */
  get isAckDue(): boolean {
    return this.#last?.isAckDue === true || this.#before?.isAckDue === true;
  }

  /** Two wait for their ACK: the far end has passed over more than a lost message explains. */
  get isFull(): boolean {
    return this.#last?.isAckDue === true && this.#before?.isAckDue === true;
  }

  /** The INVITE that made the dialog has no final response. */
  get isUnanswered(): boolean {
    return this.#first?.isOpen === true;
  }

  /** The one that has no final response. */
  get open(): ServerTransaction<F> | undefined {
    return this.#last?.isOpen === true ? this.#last.transaction : undefined;
  }

  addFirst(received: ReceivedInvite<F>): void {
    this.#first = received;
    this.#last = received;
  }

  /** Not while {@link isFull}. */
  add(received: ReceivedInvite<F>): void {
    if (this.#last?.isAckDue === true) this.#before = this.#last;
    this.#last = received;
  }

  receiveAck(ack: SipRequest): void {
    if (this.#last?.receiveAck(ack) !== true) this.#before?.receiveAck(ack);
  }

  /** @throws {SipError} see {@link ReceivedInvite.receivePrack}. */
  receivePrack(transaction: ServerTransaction<F>): void {
    if (this.#first === undefined) respond(transaction, 481);
    else this.#first.receivePrack(transaction);
  }

  cancel(invite: SipRequest): void {
    if (this.#last?.transaction.request === invite) this.#last.reject(487);
  }

  /** The call is over: nothing is repeated, nothing waited for. */
  stop(): void {
    this.#before?.stop();
    this.#last?.stop();
  }
}

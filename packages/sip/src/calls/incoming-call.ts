/**
 * A call that somebody makes to us (RFC 3261 13.3).
 *
 * @module
 */
import { createUasDialog } from '../dialogs/create-dialog.ts';
import { createDialogResponse } from '../dialogs/create-dialog-response.ts';
import { findNumber } from '../headers/number-header.ts';
import { formatReason, type Reason } from '../headers/reason.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { OfferAnswer } from '../offer-answer/offer-answer.ts';
import type { HeaderPairs } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { CallContext } from './call-context.ts';
import { CallDialog } from './call-dialog.ts';
import type { CallEnd, CallUser } from './call-user.ts';
import { guardUser } from './guard-user.ts';
import { ReceivedInvite } from './received-invite.ts';

export interface IncomingCallOptions<F extends Flow> {
  readonly context: CallContext<F>;
  readonly transaction: ServerTransaction<F>;
  readonly answerTimeoutMs: number;
  readonly onEnded: () => void;
}

/** Until somebody is named. */
const nobody: CallUser = { media: { createOffer: refuse, createAnswer: refuse, acceptAnswer: refuse } };

/** A call that rings here: name a user, then ring, accept or reject. */
export class IncomingCall<F extends Flow = Flow> {
  /** For what both ends may do once there is a call: re-INVITE, UPDATE, INFO. */
  readonly dialog: CallDialog<F>;
  readonly #options: IncomingCallOptions<F>;
  readonly #received: ReceivedInvite<F>;
  #user: CallUser | undefined;
  #stopWaiting: () => void;
  #cancelled: CallEnd | undefined;

  /** @throws {SipError} the INVITE is no good; its status code answers it. */
  constructor(options: IncomingCallOptions<F>) {
    const { context, transaction } = options;
    const { request } = transaction;
    this.#options = options;
    const toTag = context.layer.createToken();
    const early = createDialogResponse(request, 180, { toTag, contact: context.contact });
    this.dialog = new CallDialog({
      context,
      flow: transaction.flow,
      dialog: createUasDialog(request, early),
      session: new OfferAnswer(context.random),
      readUser: () => this.#user ?? nobody,
      onEnded: (end) => this.#onEnded(end),
    });
    this.#received = new ReceivedInvite({
      parts: this.dialog.parts,
      transaction,
      reliability: context.reliability,
      onAcknowledged: () => this.#user?.onAnswered?.(),
      onRefused: (response) => this.#onRefused(response),
    });
    this.dialog.receiveFirst(this.#received);
    this.#stopWaiting = this.#startWaiting(findNumber(request.headers, 'Expires'));
  }

  /** The INVITE. */
  get request(): SipRequest {
    return this.#received.transaction.request;
  }

  /** Whether {@link use} was called. */
  get hasUser(): boolean {
    return this.#user !== undefined;
  }

  /** Names who takes part; before anything else is done with the call. */
  use(user: CallUser): void {
    const { clock, report } = this.#options.context;
    this.#user = guardUser(user, report, clock);
  }

  /**
   * Sends a provisional response, 180 unless given, with a session description if `withDescription`: reliably where the
   * caller takes that. Rejects where the media throw, or with a TypeError where it is none from 101 to 199.
   */
  async ring(statusCode = 180, withDescription = false): Promise<void> {
    if (statusCode <= 100 || statusCode >= 200) throw new TypeError('expected a status code from 101 to 199');
    await this.#received.progress(statusCode, withDescription);
  }

  /** Sends the 200. Rejects where the media throw; the caller has got a 488 then. */
  async accept(): Promise<void> {
    // The media have the whole time again: not even they may keep the caller waiting for ever.
    this.#stopWaiting();
    this.#stopWaiting = this.#startWaiting(undefined);
    await this.#received.accept();
    this.#stopWaiting();
  }

  /** Sends a response from 300 to 699, unless the call is accepted. @throws {TypeError} another status code. */
  reject(statusCode: number, headers: HeaderPairs = []): void {
    if (statusCode < 300 || statusCode > 699) throw new TypeError('expected a status code from 300 to 699');
    this.#received.reject(statusCode, headers);
  }

  /** Ends the call: BYE after 2xx, with `reason` (RFC 3326); 603 before. @throws {TypeError} `reason` is no good. */
  hangUp(reason?: Reason): void {
    // Before anything has changed: the BYE may have to wait.
    if (reason !== undefined) formatReason(reason);
    if (this.#received.isOpen) this.#received.reject(603);
    else this.dialog.hangUp({ by: 'local', reason });
  }

  /** The caller has taken it back (RFC 3261 9.2). */
  cancel(request: SipRequest): void {
    if (!this.#received.isOpen) return;
    this.#cancelled = { by: 'remote', request };
    this.#received.reject(487);
  }

  /** RFC 3261 13.3.1: an invitation that expires gets 487, one that nobody answers 480. */
  #startWaiting(expiresSeconds: number | undefined): () => void {
    const { answerTimeoutMs, context } = this.#options;
    const expiresMs = 1_000 * (expiresSeconds ?? Number.POSITIVE_INFINITY);
    const statusCode = expiresMs < answerTimeoutMs ? 487 : 480;
    return context.clock.after(Math.min(expiresMs, answerTimeoutMs), () => this.#received.reject(statusCode));
  }

  #onRefused(response: SipResponse): void {
    this.dialog.parts.dialog.terminate();
    this.dialog.end(this.#cancelled ?? { by: 'refusal', response });
  }

  #onEnded(end: CallEnd): void {
    this.#stopWaiting();
    this.#options.onEnded();
    this.#user?.onEnded?.(end);
  }
}

function refuse(): never {
  throw new TypeError('expected use() before the call is answered');
}

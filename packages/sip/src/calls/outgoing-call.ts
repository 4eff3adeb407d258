/**
 * A call that we make: forks, challenges, CANCEL, the first answer (RFC 3261 9.1, 13.2, 22.2; RFC 6026 8.1).
 *
 * @module
 */

import { createUacDialog } from '../dialogs/create-dialog.ts';
import type { Dialog } from '../dialogs/dialog.ts';
import { Dialogs } from '../dialogs/dialogs.ts';
import { SipError } from '../errors.ts';
import { readNameAddr } from '../headers/name-addr.ts';
import { formatReason, type Reason } from '../headers/reason.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { OfferAnswer } from '../offer-answer/offer-answer.ts';
import { raiseSessionTimer, type SessionTimerWish } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1 } from '../transactions/timers.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { ClientTransaction } from '../transactions/transaction-layer.ts';
import { finalOf } from './ask.ts';
import type { CallContext } from './call-context.ts';
import { CallDialog } from './call-dialog.ts';
import type { CallEnd, CallUser } from './call-user.ts';
import { type CallTarget, createInvite, repeatInvite } from './create-invite.ts';
import { faultOf } from './fault-of.ts';
import { SentInvite } from './sent-invite.ts';

export interface OutgoingCallOptions<F extends Flow> {
  readonly context: CallContext<F>;
  readonly flow: F;
  readonly target: CallTarget;
  readonly user: CallUser;
  /** How long nobody may answer before it is taken back, in milliseconds. */
  readonly ringTimeoutMs: number;
  /** A dialog lives from here on, or no longer. */
  readonly onDialog: (dialog: CallDialog<F>, isAlive: boolean) => void;
  /** Nothing comes for this call any more. */
  readonly onForgotten: () => void;
}

interface Fork<F extends Flow> {
  readonly call: CallDialog<F>;
  readonly sent: SentInvite<F>;
}

/** How many phones of the callee may ring. */
const maxForks = 16;
/** How many of them, with those that answer unheard, are acknowledged and hung up on. */
const maxDialogs = 64;
const maxTries = 4;

/** A call on its way: several may ring, and the first to answer has it. */
export class OutgoingCall<F extends Flow = Flow> {
  readonly #options: OutgoingCallOptions<F>;
  #dialogs = new Dialogs(maxDialogs);
  readonly #forks = new Map<Dialog, Fork<F>>();
  #invite: SipRequest;
  #wish: SessionTimerWish | undefined;
  #transaction: ClientTransaction<F> | undefined;
  #answered: CallDialog<F> | undefined;
  #tries = 0;
  #isCancelled = false;
  #isFinal = false;
  #isEnded = false;
  #stopPatience: (() => void) | undefined;

  /** Sends the INVITE, with `offer` or without one. */
  constructor(options: OutgoingCallOptions<F>, offer: Uint8Array | undefined) {
    this.#options = options;
    this.#wish = options.context.sessionTimer;
    this.#invite = createInvite(options.context, options.target, this.#wish, offer);
    this.#send();
    this.#stopPatience = options.context.clock.after(options.ringTimeoutMs, () => this.hangUp());
  }

  get callId(): string {
    return this.#invite.headers.first('Call-ID') ?? '';
  }

  /** The dialog with who answered first; undefined before. */
  get dialog(): CallDialog<F> | undefined {
    return this.#answered;
  }

  /** The dialogs of those who ring, in the order they came. */
  get forks(): readonly CallDialog<F>[] {
    return [...this.#forks.values()].map(({ call }) => call);
  }

  /**
   * Ends the call: BYE where somebody has answered, CANCEL before (9.1), either with `reason` (RFC 3326).
   *
   * @throws {TypeError} `reason` is no good; nothing has changed then.
   */
  hangUp(reason?: Reason): void {
    const text = reason && formatReason(reason);
    if (this.#answered !== undefined) this.#answered.hangUp({ by: 'local', reason });
    else if (!this.#isCancelled && !this.#isFinal) {
      this.#isCancelled = true;
      this.#stopPatience?.();
      // The CANCEL waits for a provisional response, and the transaction ends in any case.
      if (this.#transaction !== undefined) this.#options.context.layer.cancel(this.#transaction, undefined, text);
    }
  }

  /** A 2xx that belongs to no transaction any more; false where it is none of this call (RFC 6026 8.1). */
  receiveLateSuccess(response: SipResponse): boolean {
    if (!this.#isFinal || response.headers.first('Call-ID') !== this.callId) return false;
    if (response.headers.first('CSeq') !== this.#invite.headers.first('CSeq')) return false;
    this.#trySuccess(response);
    return true;
  }

  #send(): void {
    const { context, flow } = this.#options;
    const invite = this.#invite;
    this.#tries += 1;
    this.#transaction = context.layer.request(invite, flow, (event) => {
      // What still comes for an INVITE that went out again with credentials concerns nobody.
      if (invite === this.#invite) this.#onEvent(event);
    });
  }

  #onEvent(event: ClientEvent): void {
    if (event.type === 'response' && event.response.statusCode < 200) {
      this.#tryProvisional(event.response);
      return;
    }
    const response = finalOf(event, this.#invite);
    if (response === undefined) return;
    if (response.statusCode < 300) this.#trySuccess(response);
    else this.#onFailure(response);
  }

  /** A provisional response that is broken is as good as none. */
  #tryProvisional(response: SipResponse): void {
    try {
      this.#onProvisional(response);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
    }
  }

  #onProvisional(response: SipResponse): void {
    if (this.#isFinal && this.#answered === undefined) return;
    if (response.statusCode === 100 || this.#isCancelled || this.#answered !== undefined) return;
    const hasTag = readNameAddr(response.headers, 'To').params.has('tag');
    if (hasTag && this.#dialogs.size >= maxForks && this.#dialogs.find(response) === undefined) return;
    const fork = hasTag ? this.#forkOf(response) : undefined;
    const isNew = fork === undefined || (!fork.call.isOver && fork.sent.receiveProvisional(response));
    if (isNew) this.#options.user.onProgress?.(response);
  }

  /** @throws {SipError} the response makes no dialog, or there are too many. */
  #forkOf(response: SipResponse): Fork<F> {
    const known = this.#dialogs.find(response);
    const found = known && this.#forks.get(known);
    if (found !== undefined) return found;
    const { context, flow, onDialog, user } = this.#options;
    const dialog = createUacDialog(this.#invite, response);
    this.#dialogs.add(dialog);
    const call = new CallDialog<F>({
      context,
      flow,
      dialog,
      session: OfferAnswer.fork(context.random, this.#invite.body.length > 0),
      readUser: () => user,
      onEnded: (end) => this.#onDialogEnded(call, end),
    });
    // Until the final response no other INVITE goes either way.
    call.parts.exchange.send();
    const fork = { call, sent: new SentInvite(call.parts, this.#invite) };
    this.#forks.set(dialog, fork);
    onDialog(call, true);
    return fork;
  }

  /** A 2xx that no dialog can be made of cannot be acknowledged either. */
  #trySuccess(response: SipResponse): void {
    try {
      this.#onSuccess(response);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      if (this.#answered === undefined) this.#fail({ by: 'fault', error });
    }
  }

  #onSuccess(response: SipResponse): void {
    const isFirst = !this.#isFinal;
    this.#isFinal = true;
    const { call, sent } = this.#forkOf(response);
    const isOurs = this.#answered === undefined && !this.#isCancelled && !this.#isEnded && !call.isOver;
    if (isFirst) this.#waitForOthers();
    if (isOurs) this.#answered = call;
    if (call !== this.#answered) {
      // 13.2.2.4: who answers later, or after CANCEL, is acknowledged and hung up on.
      sent.release(response);
      call.hangUp({ by: 'local' });
      return;
    }
    sent.receiveSuccess(response).then(
      () => isOurs && !call.isOver && this.#options.user.onAnswered?.(),
      (error: unknown) => call.hangUp(faultOf(error)),
    );
  }

  /** 13.2.2.4: until 64*T1 after the first 2xx others may come; then the early dialogs are over. */
  #waitForOthers(): void {
    this.#stopPatience?.();
    this.#stopPatience = this.#options.context.clock.after(64 * T1, () => this.#forgetForks());
  }

  #onFailure(response: SipResponse): void {
    if (this.#isFinal) return;
    const again = this.#isCancelled || this.#tries >= maxTries ? undefined : this.#repeat(response);
    for (const { call, sent } of this.#forks.values()) {
      sent.receiveFailure(response);
      call.end({ by: 'refusal', response });
    }
    this.#forks.clear();
    this.#dialogs = new Dialogs(maxDialogs);
    if (again === undefined) {
      this.#fail(this.#isCancelled ? { by: 'local' } : { by: 'refusal', response });
      return;
    }
    this.#invite = again;
    this.#send();
  }

  /** The INVITE to try again with after a challenge or a 422. */
  #repeat(response: SipResponse): SipRequest | undefined {
    if (response.statusCode === 401 || response.statusCode === 407) {
      const authorized = this.#options.context.authorize(this.#invite, response);
      return authorized && repeatInvite(authorized, this.#wish);
    }
    if (response.statusCode !== 422 || this.#wish === undefined) return undefined;
    this.#wish = raiseSessionTimer(this.#wish, response);
    return this.#wish && repeatInvite(this.#invite, this.#wish);
  }

  #fail(end: CallEnd): void {
    this.#isFinal = true;
    this.#stopPatience?.();
    this.#tell(end);
    this.#forgetForks();
  }

  #onDialogEnded(call: CallDialog<F>, end: CallEnd): void {
    this.#options.onDialog(call, false);
    if (call === this.#answered || (this.#isFinal && this.#answered === undefined)) this.#tell(end);
  }

  #tell(end: CallEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.user.onEnded?.(end);
  }

  #forgetForks(): void {
    for (const { call } of this.#forks.values()) {
      if (call !== this.#answered) call.end({ by: 'local' });
    }
    this.#forks.clear();
    // Where all that answered had been given up before, their ends were not yet that of the call.
    if (this.#answered === undefined) this.#tell({ by: 'local' });
    this.#options.onForgotten();
  }
}

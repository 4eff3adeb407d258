/**
 * One dialog of a call: what comes in it, and what both ends may do in it (RFC 3261 12 to 15).
 *
 * @module
 */
import type { Dialog, DialogRequestOptions } from '../dialogs/dialog.ts';
import { InviteExchange } from '../dialogs/invite-exchange.ts';
import { InviteOverlapped, RequestPending } from '../errors.ts';
import type { InfoPackage } from '../headers/info-package.ts';
import { createInfo, type InfoBody } from '../info-packages/create-info.ts';
import { InfoPackages } from '../info-packages/info-packages.ts';
import { refuse } from '../inspection/refusal.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { findDescription } from '../offer-answer/find-description.ts';
import type { OfferAnswer } from '../offer-answer/offer-answer.ts';
import { findUpdateObstacle, type UpdateSituation } from '../offer-answer/update-rules.ts';
import { SessionTimer } from '../session-timers/session-timer.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { TrickleFragment, TrickleSender } from '../trickle-ice/trickle-sender.ts';
import { ask } from './ask.ts';
import type { CallContext, CallParts } from './call-context.ts';
import type { CallEnd, CallUser } from './call-user.ts';
import { callMethods, capabilitiesOf, inspectInDialog } from './capabilities.ts';
import { DialogTrickle } from './dialog-trickle.ts';
import { endHeaders } from './end-headers.ts';
import { answerInfo } from './received-info.ts';
import { ReceivedInvite } from './received-invite.ts';
import { ReceivedInvites } from './received-invites.ts';
import { answerUpdate, refuseUpdate } from './received-update.ts';
import { answerFaults, respond } from './respond.ts';
import { SessionChange } from './session-change.ts';
import { Wait } from './wait.ts';

export interface CallDialogOptions<F extends Flow> {
  readonly context: CallContext<F>;
  readonly flow: F;
  readonly dialog: Dialog;
  readonly session: OfferAnswer;
  readonly readUser: () => CallUser;
  /** The dialog is over; a BYE has gone out where one is due. */
  readonly onEnded: (end: CallEnd) => void;
}

/** A call with one far end: re-INVITE, UPDATE, INFO, candidates, and its end. What comes in is answered by itself. */
export class CallDialog<F extends Flow = Flow> {
  /** The dialog and the state of the session in it, to look at. */
  readonly parts: CallParts<F>;
  readonly #options: CallDialogOptions<F>;
  readonly #change: SessionChange<F>;
  readonly #trickle: DialogTrickle<F>;
  readonly #wait = new Wait();
  readonly #invites = new ReceivedInvites<F>();
  #peerAllows: ReadonlySet<string> = new Set();
  #isPeerUpdating = false;
  /** The BYE waits for an ACK. */
  #endWanted: CallEnd | undefined;
  #isOver = false;

  constructor(options: CallDialogOptions<F>) {
    const { context, dialog, flow, session, readUser } = options;
    this.#options = options;
    this.parts = {
      context,
      dialog,
      flow,
      session,
      get user() {
        return readUser();
      },
      exchange: new InviteExchange({ ownsCallId: dialog.ownsCallId, random: context.random }),
      timer: new SessionTimer({
        clock: context.clock,
        onRefresh: () => this.#refresh(),
        onExpired: () => this.hangUp({ by: 'silence' }),
      }),
      infoPackages: new InfoPackages(context.infoPackages),
      isOver: () => this.#isOver,
      learn: (message) => this.#learn(message),
      hangUp: (end) => this.hangUp(end),
    };
    this.#change = new SessionChange({ parts: this.parts, wait: this.#wait });
    this.#trickle = new DialogTrickle(this.parts, (info) => this.#ask(info));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the far end says that it takes `method`. */
  peerAllows(method: string): boolean {
    return this.#peerAllows.has(method);
  }

  /** A re-INVITE with an offer, or without one for the far end to make it. Rejects with a RequestPending. */
  reinvite(hasOffer = true): Promise<SipResponse> {
    return this.#change.run('INVITE', hasOffer);
  }

  /** An UPDATE, in early dialogs too. Rejects with a RequestPending, or a TypeError where the far end takes none. */
  async update(hasOffer = true): Promise<SipResponse> {
    if (!this.peerAllows('UPDATE')) throw new TypeError('expected a far end that allows UPDATE');
    if (findUpdateObstacle(this.#situation(hasOffer)) !== undefined) throw new RequestPending();
    return await this.#change.run('UPDATE', hasOffer);
  }

  /** An INFO of a package that the far end takes. @throws {TypeError} rejects: it does not. */
  async info(infoPackage: InfoPackage, body?: InfoBody): Promise<SipResponse> {
    const { dialog, infoPackages } = this.parts;
    if (!infoPackages.maySend(infoPackage.name)) throw new TypeError('expected a package that the far end takes');
    return await this.#ask(createInfo(dialog, infoPackage, body));
  }

  /**
   * Sends candidates by INFO as `readFragment` has them, once both ends have the dialog; call `update` of what comes
   * back when there are more. Undefined where the far end takes none.
   */
  trickle(readFragment: () => TrickleFragment | undefined): TrickleSender | undefined {
    return this.#trickle.start(readFragment);
  }

  /** Any other request in the dialog, such as MESSAGE or REFER, and its final response. */
  request(method: string, options: DialogRequestOptions = {}): Promise<SipResponse> {
    return this.#ask(this.parts.dialog.createRequest(method, options));
  }

  /** Takes the INVITE that makes the dialog. @throws {SipError} see {@link ReceivedInvite}. */
  receiveFirst(received: ReceivedInvite<F>): void {
    this.parts.exchange.receive();
    this.#invites.addFirst(received);
    this.#learn(received.transaction.request);
  }

  /** A request of the far end. */
  receive(transaction: ServerTransaction<F>): void {
    answerFaults(transaction, () => {
      const { context, dialog } = this.parts;
      const { request } = transaction;
      dialog.takeSequence(request);
      this.#trickle.heard();
      const refusal = inspectInDialog(request, context);
      if (refusal === undefined) this.#dispatch(transaction);
      else transaction.respond(refuse(request, refusal, dialog.id.localTag));
    });
  }

  /** A CANCEL for a re-INVITE. */
  cancel(invite: SipRequest): void {
    this.#invites.cancel(invite);
  }

  receiveAck(ack: SipRequest): void {
    this.#invites.receiveAck(ack);
    this.#trickle.heard();
    if (this.#endWanted !== undefined) this.hangUp(this.#endWanted);
  }

  /** A copy of a 2xx to a re-INVITE, too late for its transaction; false where it is none. */
  receiveLateSuccess(response: SipResponse): boolean {
    return this.#change.receiveSuccess(response);
  }

  /** Ends the call with a BYE; who has sent a 2xx waits for its ACK, or for the end of its time (15). */
  hangUp(end: CallEnd): void {
    if (this.#isOver) return;
    this.#endWanted ??= end;
    if (this.#invites.isAckDue) return;
    this.#bye(this.#endWanted);
  }

  /** Ends the call here; the far end knows. */
  end(end: CallEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.parts.timer.stop();
    this.#wait.end();
    this.#trickle.stop();
    const { open } = this.#invites;
    this.#invites.stop();
    this.#options.onEnded(end);
    // 15.1.2: what is still open is answered 487.
    const toTag = this.parts.dialog.id.localTag;
    if (open !== undefined) respond(open, end.by === 'remote' ? 487 : 500, { toTag });
  }

  #bye(end: CallEnd): void {
    const { dialog } = this.parts;
    // RFC 3261 15: the callee of an early dialog has the final response for that.
    const { isUnanswered } = this.#invites;
    this.end(end);
    if (isUnanswered) return;
    const bye = dialog.createRequest('BYE', { headers: endHeaders(end) });
    dialog.terminate();
    ask(this.parts, bye).catch(() => undefined);
  }

  #dispatch(transaction: ServerTransaction<F>): void {
    const { method } = transaction.request;
    if (method === 'BYE') this.#receiveBye(transaction);
    else if (this.#isOver || this.#isLeaving(method)) respond(transaction, 481);
    else if (method === 'INVITE') this.#receiveInvite(transaction);
    else if (method === 'UPDATE') this.#receiveUpdate(transaction);
    else if (method === 'PRACK') this.#invites.receivePrack(transaction);
    else if (method === 'INFO') answerInfo(this.parts, transaction);
    else if (method === 'OPTIONS') respond(transaction, 200, { headers: capabilitiesOf(this.parts.context) });
    else if (this.parts.user.onRequest !== undefined) {
      this.parts.dialog.refreshTarget(transaction.request);
      this.parts.user.onRequest(transaction);
    } else respond(transaction, 405, { headers: [['Allow', callMethods.join(', ')]] });
  }

  /** We have hung up, and the BYE waits for an ACK: nobody puts it off by further INVITEs. */
  #isLeaving(method: string): boolean {
    return this.#endWanted !== undefined && (method === 'INVITE' || method === 'UPDATE');
  }

  #receiveBye(transaction: ServerTransaction<F>): void {
    this.parts.dialog.terminate();
    respond(transaction, 200);
    this.end({ by: 'remote', request: transaction.request });
  }

  #receiveInvite(transaction: ServerTransaction<F>): void {
    const { context, exchange } = this.parts;
    this.#learn(transaction.request);
    if (this.#invites.isFull) throw new InviteOverlapped(Math.floor(context.random() * 11));
    exchange.receive();
    let received: ReceivedInvite<F>;
    try {
      received = new ReceivedInvite({
        parts: this.parts,
        transaction,
        // Nothing rings here: the final response comes at once.
        reliability: 'never',
        onAcknowledged: () => undefined,
        onRefused: () => undefined,
      });
    } catch (error) {
      exchange.answer();
      exchange.receivedEnds();
      throw error;
    }
    this.#invites.add(received);
    // Where the media throw, the far end gets a 488, and all is as it was.
    received.accept().catch(() => undefined);
  }

  #receiveUpdate(transaction: ServerTransaction<F>): void {
    const hasOffer = findDescription(transaction.request) !== undefined;
    if (refuseUpdate(this.parts, transaction, this.#situation(hasOffer))) return;
    this.#learn(transaction.request);
    this.#isPeerUpdating = true;
    const done = (): void => {
      this.#isPeerUpdating = false;
    };
    answerUpdate(this.parts, transaction).then(done, done);
  }

  async #ask(request: SipRequest): Promise<SipResponse> {
    const { dialog } = this.parts;
    const response = await ask(this.parts, request);
    if (this.#isOver) return response;
    dialog.receiveResponse(response);
    if (dialog.state === 'terminated') this.hangUp({ by: 'silence' });
    return response;
  }

  /** UPDATE is lighter and needs no offer; a re-INVITE always works (RFC 4028 7.4). */
  #refresh(): void {
    const refreshed = this.peerAllows('UPDATE') ? this.update(false) : this.reinvite();
    // Without a 2xx the timer runs out, and that ends the call (RFC 4028 10).
    refreshed.catch(() => undefined);
  }

  #learn(message: SipRequest | SipResponse): void {
    this.parts.infoPackages.learn(message);
    const methods = message.headers.all('Allow');
    if (methods.length > 0) this.#peerAllows = new Set(methods);
  }

  #situation(hasOffer: boolean): UpdateSituation {
    const { session } = this.parts;
    const isOpen = session.state !== 'stable';
    const isOwn = session.offerer === 'local';
    return {
      hasDialog: !this.#isOver,
      isAllowed: true,
      hasOffer,
      isOwnUnanswered: this.#change.isUpdating,
      isPeerUnanswered: this.#isPeerUpdating,
      isOwnOfferOpen: isOpen && isOwn,
      isPeerOfferOpen: isOpen && !isOwn,
      isPrackDue: this.#invites.isPrackDue,
      needsUser: false,
    };
  }
}

/**
 * The INVITE of a call we make: forks, the first answer, CANCEL (RFC 3261 9.1, 13.2; RFC 6026; RFC 8840 4.3).
 *
 * @module
 */
import {
  type ClientEvent,
  type ClientTransaction,
  createUacDialog,
  type Dialog,
  Dialogs,
  parseNameAddr,
  type ServerTransaction,
  SipError,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import type { PeerMedia } from '../media/peer-media.ts';
import type { CallEndCause } from '../wic.ts';
import { type Access, type DialogUser, takesTrickle } from './access.ts';
import { sendBye } from './bye.ts';
import { endCauseOf } from './end-cause.ts';
import { answerFaults, answerInfo, refuseMethod, respond } from './in-dialog-requests.ts';
import { Trickle } from './trickle.ts';

export interface OutgoingInviteOptions {
  readonly access: Access;
  readonly request: SipRequest;
  readonly media: PeerMedia;
  readonly onRinging: () => void;
  /** The first 2xx; its ACK is on its way. */
  readonly onAnswered: (dialog: Dialog, response: SipResponse) => void;
  readonly onRefused: (cause: CallEndCause) => void;
}

/** The challenge, and a stale nonce (TS 33.203 N.2.1.2 NOTE 2). */
const maxAnswers = 2;
/** How many phones of the callee may ring. */
const maxForks = 16;

export class OutgoingInvite implements DialogUser {
  readonly #options: OutgoingInviteOptions;
  /** The one that was sent last: another one follows a challenge. */
  #request: SipRequest;
  #transaction: ClientTransaction<WebSocketFlow> | undefined;
  readonly #dialogs = new Dialogs();
  readonly #trickles = new Map<Dialog, Trickle>();
  #answers = 0;
  #winner: Dialog | undefined;
  #hasProvisional = false;
  #isFinal = false;
  #isCancelled = false;

  /** Sends it. */
  constructor(options: OutgoingInviteOptions) {
    this.#options = options;
    const { access, request } = options;
    this.#request = access.requestAuthentication?.authorize(request) ?? request;
    this.#send();
  }

  /** There may be candidates to tell those that ring. */
  updateCandidates(): void {
    for (const trickle of this.#trickles.values()) trickle.update();
  }

  /** Takes it back; an answer that comes all the same is ended at once. */
  cancel(): void {
    if (this.#isCancelled || this.#winner !== undefined) return;
    this.#isCancelled = true;
    this.#forgetEarly();
    // RFC 3261 9.1: not before a provisional response.
    if (this.#hasProvisional && !this.#isFinal) this.#sendCancel();
  }

  onRequest(transaction: ServerTransaction<WebSocketFlow>): void {
    const { access, media } = this.#options;
    answerFaults(transaction, () => {
      const dialog = this.#dialogs.find(transaction.request);
      dialog?.receiveRequest(transaction.request);
      if (transaction.request.method === 'INFO') {
        return answerInfo(transaction, (fragment) => media.addRemoteCandidates(fragment));
      }
      if (transaction.request.method !== 'BYE') return refuseMethod(transaction);
      respond(transaction, 200);
      if (dialog !== undefined) access.deleteDialog(dialog);
    });
  }

  /** Nothing is acknowledged to us before there is a session. */
  onAck(): void {
    return;
  }

  onLateSuccess(response: SipResponse): void {
    this.#trySuccess(response);
  }

  #send(): void {
    const request = this.#request;
    this.#transaction = this.#options.access.line.request(request, (event) => {
      // What becomes of an INVITE that was challenged is of no interest any more.
      if (request === this.#request) this.#onEvent(event);
    });
  }

  #onEvent(event: ClientEvent): void {
    if (event.type !== 'response') this.#refused('connection lost');
    else if (event.response.statusCode < 200) this.#onProvisional(event.response);
    else this.#onFinal(event.response);
  }

  #onFinal(response: SipResponse): void {
    if (response.statusCode === 407 && this.#answerChallenge(response)) return;
    this.#options.access.requestAuthentication?.confirm(this.#request, response);
    if (response.statusCode < 300) this.#trySuccess(response);
    else this.#refused(endCauseOf(response));
  }

  /**
   * Whether the INVITE is on its way once more (TS 33.203 N.2.1.2). The S-CSCF asks before anybody else gets it: a
   * challenge after the phone of the callee has been heard of is somebody else's.
   */
  #answerChallenge(response: SipResponse): boolean {
    if (this.#isCancelled || this.#isFinal || this.#dialogs.size > 0 || this.#answers >= maxAnswers) return false;
    const answered = this.#options.access.requestAuthentication?.answer(this.#request, response);
    if (answered === undefined) return false;
    this.#answers += 1;
    this.#hasProvisional = false;
    this.#request = answered;
    this.#send();
    return true;
  }

  #onProvisional(response: SipResponse): void {
    if (this.#isFinal) return;
    const isFirst = !this.#hasProvisional;
    this.#hasProvisional = true;
    if (this.#isCancelled) {
      if (isFirst) this.#sendCancel();
      return;
    }
    if (this.#winner !== undefined) return;
    const hasTag = parseNameAddr(response.headers.first('To') ?? '', 'To').params.has('tag');
    if (response.statusCode > 100 && hasTag) this.#addEarly(response);
    if (response.statusCode === 180) this.#options.onRinging();
  }

  #addEarly(response: SipResponse): void {
    const { access, media } = this.#options;
    const known = this.#dialogs.find(response);
    if (known !== undefined || this.#dialogs.size >= maxForks) return;
    const dialog = createUacDialog(this.#request, response);
    this.#dialogs.add(dialog);
    access.addDialog(dialog, this);
    if (!takesTrickle(response)) return;
    const readLateCandidates = () => media.readLateCandidates();
    const trickle = new Trickle({ access, dialog, readLateCandidates, onDialogGone: () => undefined });
    this.#trickles.set(dialog, trickle);
    trickle.update();
  }

  /** A 2xx that no dialog can be made of cannot be acknowledged either. */
  #trySuccess(response: SipResponse): void {
    try {
      this.#onSuccess(response);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      if (this.#winner === undefined && !this.#isCancelled) this.#options.onRefused('server error');
    }
  }

  #onSuccess(response: SipResponse): void {
    const { access } = this.#options;
    const request = this.#request;
    this.#isFinal = true;
    const known = this.#dialogs.find(response);
    const copy = known?.findAck(response);
    const dialog = known ?? createUacDialog(request, response);
    if (copy === undefined) dialog.receiveResponse(response);
    this.#dialogs.add(dialog);
    if (access.line.flow !== undefined) access.line.layer.sendAck(copy ?? dialog.createAck(request), access.line.flow);
    if (copy !== undefined) return;
    if (this.#winner === undefined && !this.#isCancelled) this.#won(dialog, response);
    else this.#release(dialog);
  }

  #won(dialog: Dialog, response: SipResponse): void {
    this.#winner = dialog;
    this.#forgetEarly();
    this.#options.onAnswered(dialog, response);
  }

  /** Another one has answered before, or we had hung up (RFC 3261 13.2.2.4). */
  #release(dialog: Dialog): void {
    sendBye(this.#options.access, dialog).catch(() => undefined);
  }

  #refused(cause: CallEndCause): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    this.#forgetEarly();
    if (!this.#isCancelled) this.#options.onRefused(cause);
  }

  #sendCancel(): void {
    if (this.#transaction === undefined) return;
    this.#options.access.line.layer.cancel(this.#transaction, () => undefined);
  }

  /** The winner has a session by now; the others stay known to us, for an answer that comes late. */
  #forgetEarly(): void {
    for (const trickle of this.#trickles.values()) trickle.stop();
    this.#trickles.clear();
    for (const dialog of this.#dialogs) this.#options.access.deleteDialog(dialog);
  }
}

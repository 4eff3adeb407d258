/**
 * A call that was answered: its confirmed dialog until a BYE (RFC 3261 12 to 15).
 *
 * @module
 */
import type { Dialog, ServerTransaction, SipRequest, SipResponse } from '@wicgate/sip';
import { DescriptionRefused } from '../errors.ts';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import type { PeerMedia } from '../media/peer-media.ts';
import type { CallEnd } from '../wic.ts';
import { type Access, capabilities, type DialogUser } from './access.ts';
import { sendBye } from './bye.ts';
import { answerFaults, answerInfo, refuseExtensions, refuseMethod, respond } from './in-dialog-requests.ts';
import { Negotiation, type Wanted } from './negotiation.ts';
import { saysMediaLost } from './release-cause.ts';
import { Trickle } from './trickle.ts';

export interface SessionOptions {
  readonly access: Access;
  readonly dialog: Dialog;
  readonly media: PeerMedia;
  /** The far end takes candidates by INFO. */
  readonly trickles: boolean;
  /** A description of the far end is in effect. */
  readonly onDescription: () => void;
  /** The far end hung up, or nothing can be done with it any more. */
  readonly onEnd: (end: CallEnd) => void;
}

/** How long a BYE waits for a flow. */
const byeTimeoutMs = 64_000;
/** How long the callee waits for the caller's new path: both ends' credentials tend to be renewed at the same time. */
const farRestartMs = 5_000;

export class Session implements DialogUser {
  readonly #options: SessionOptions;
  readonly #negotiation: Negotiation;
  readonly #trickle: Trickle | undefined;
  #isOver = false;
  #owesBye = false;
  #byeReason: string | undefined;
  #stopByeTimer: () => void = () => undefined;
  #stopRestartTimer: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { access, dialog, media, trickles } = options;
    const onDialogGone = (): void => this.#end({ by: 'remote', cause: 'connection lost' });
    this.#negotiation = new Negotiation({
      access,
      dialog,
      media,
      trickles,
      onAgreed: () => this.#onAgreed(),
      onAcknowledged: () => this.#isOver && this.#sayBye(),
      onAckTimeout: () => this.#fail({ by: 'remote', cause: 'connection lost' }),
      onDialogGone,
      onFault: (error) => this.#fail({ by: 'local', cause: causeOf(error) }),
    });
    const readLateCandidates = () => media.readLateCandidates();
    this.#trickle = trickles ? new Trickle({ access, dialog, readLateCandidates, onDialogGone }) : undefined;
    access.addDialog(dialog, this);
    this.updateCandidates();
  }

  /** There may be candidates to tell the far end. */
  updateCandidates(): void {
    this.#trickle?.update();
  }

  /** Answers the INVITE that made the dialog. */
  answer(transaction: ServerTransaction<WebSocketFlow>, sdp: string, isOffer: boolean): void {
    this.#negotiation.answer(transaction, sdp, isOffer);
  }

  /** Makes an offer as soon as none is under way. */
  renegotiate({ iceRestart = false, hasChange = false }: Partial<Wanted>): void {
    if (!this.#isOver) this.#negotiation.offer({ iceRestart, hasChange });
  }

  /** Ends it from here; `now` where the page goes away and nothing can be waited for. `reason`: a value of Reason. */
  hangUp({ now = false, reason }: { readonly now?: boolean; readonly reason?: string } = {}): void {
    if (this.#isOver) return;
    this.#stop();
    this.#byeReason = reason;
    this.#owesBye = true;
    this.#stopByeTimer = this.#options.access.platform.clock.after(byeTimeoutMs, () => this.#leave());
    // RFC 3261 15: the ACK comes first.
    if (now || !this.#negotiation.waitsForAck) this.#sayBye();
  }

  flowLost(): void {
    this.#negotiation.flowLost();
  }

  repair(): void {
    if (this.#isOver) this.#sayBye();
    else this.#negotiation.restart();
  }

  /** One path after the other, so that the one in use stays: an ICE restart of the far end renews ours as well. */
  restartIce(): void {
    const { access, dialog, media } = this.#options;
    this.#stopRestartTimer();
    this.#stopRestartTimer = access.platform.clock.after(dialog.ownsCallId ? 0 : farRestartMs, () => {
      if (media.hasOldServers) this.renegotiate({ iceRestart: true });
    });
  }

  onRequest(transaction: ServerTransaction<WebSocketFlow>): void {
    answerFaults(transaction, () => {
      this.#options.dialog.receiveRequest(transaction.request);
      this.#onRequest(transaction);
    });
  }

  onAck(ack: SipRequest): void {
    this.#negotiation.receiveAck(ack);
  }

  onLateSuccess(response: SipResponse): void {
    const { access, dialog } = this.#options;
    const ack = dialog.findAck(response);
    if (ack !== undefined && access.line.flow !== undefined) access.line.layer.sendAck(ack, access.line.flow);
  }

  #onRequest(transaction: ServerTransaction<WebSocketFlow>): void {
    const { method } = transaction.request;
    if (method === 'BYE') this.#onBye(transaction);
    else if (this.#isOver) respond(transaction, 481);
    else if (refuseExtensions(transaction)) return;
    else if (method === 'INVITE') this.#negotiation.receive(transaction);
    else if (method === 'INFO') {
      answerInfo(transaction, (fragment) => this.#options.media.addRemoteCandidates(fragment));
    } else if (method === 'OPTIONS') respond(transaction, 200, { headers: capabilities });
    else refuseMethod(transaction);
  }

  #onBye(transaction: ServerTransaction<WebSocketFlow>): void {
    respond(transaction, 200);
    this.#owesBye = false;
    const isLost = saysMediaLost(transaction.request.headers.all('Reason'));
    this.#end({ by: 'remote', cause: isLost ? 'media failed' : 'hung up' });
  }

  #onAgreed(): void {
    this.#options.onDescription();
    this.updateCandidates();
  }

  /** The far end is told, too. */
  #fail(end: CallEnd): void {
    const wasOver = this.#isOver;
    if (wasOver) this.#sayBye();
    else this.hangUp();
    if (!wasOver) this.#options.onEnd(end);
  }

  /** The far end knows already. */
  #end(end: CallEnd): void {
    const wasOver = this.#isOver;
    this.#stop();
    if (!this.#owesBye) this.#leave();
    if (!wasOver) this.#options.onEnd(end);
  }

  #stop(): void {
    this.#isOver = true;
    this.#stopRestartTimer();
    this.#negotiation.end();
    this.#trickle?.stop();
  }

  #sayBye(): void {
    if (!this.#owesBye) return;
    const { access, dialog } = this.#options;
    this.#negotiation.stop();
    // Where the flow is gone, repair() says it again.
    sendBye(access, dialog, this.#byeReason).then(
      () => this.#leave(),
      () => undefined,
    );
  }

  #leave(): void {
    this.#owesBye = false;
    this.#stopByeTimer();
    this.#negotiation.stop();
    this.#options.access.deleteDialog(this.#options.dialog);
  }
}

function causeOf(error: unknown): CallEnd['cause'] {
  return error instanceof DescriptionRefused ? 'media failed' : 'connection lost';
}

/**
 * A call that comes in (RFC 3261 13.3).
 *
 * @module
 */
import {
  createDialogResponse,
  createUasDialog,
  type Dialog,
  decodeUtf8,
  type ServerTransaction,
  type SipRequest,
} from '@wicgate/sip';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import type { PeerMedia } from '../media/peer-media.ts';
import { offersVideo } from '../media/session-description.ts';
import { createToken } from '../platform.ts';
import type { CallEnd, CallEndCause } from '../wic.ts';
import { capabilities, type DialogUser, takesTrickle } from './access.ts';
import { cancelCauseOf } from './end-cause.ts';
import { answerFaults, answerInfo, refuseMethod, respond } from './in-dialog-requests.ts';
import { LiveCall, type LiveCallOptions } from './live-call.ts';

const gatherMs = 250;
/** Nobody's phone rings longer; proxies give up by then (RFC 3261 16.6, timer C). */
const ringTimeoutMs = 180_000;
/** Fragments that wait until the call is answered; each repeats the ones before. */
const maxEarlyFragments = 16;

export class IncomingCall extends LiveCall implements DialogUser {
  readonly direction = 'incoming';
  readonly #transaction: ServerTransaction<WebSocketFlow>;
  readonly #toTag: string;
  readonly #dialog: Dialog;
  readonly #offer: string | undefined;
  readonly #early: Parameters<PeerMedia['addRemoteCandidates']>[0][] = [];
  readonly #stopRinging: () => void;
  #isAnswering = false;

  /**
   * Rings.
   *
   * @throws {SipError} no dialog can be made of the INVITE.
   */
  constructor(options: LiveCallOptions, transaction: ServerTransaction<WebSocketFlow>) {
    const { request } = transaction;
    const offer = request.body.length === 0 ? undefined : (decodeUtf8(request.body) ?? '');
    super(options, { status: 'incoming', offersVideo: offer !== undefined && offersVideo(offer) });
    const { access } = options;
    this.#transaction = transaction;
    this.#offer = offer;
    this.#toTag = createToken(access.platform);
    const { contact } = access;
    const ringing = createDialogResponse(request, 180, { toTag: this.#toTag, contact, headers: capabilities });
    this.#dialog = createUasDialog(request, ringing);
    access.addDialog(this.#dialog, this);
    this.#stopRinging = access.platform.clock.after(ringTimeoutMs, () => this.#refuse(480, 'no answer'));
    transaction.respond(ringing);
  }

  /** Whether `transaction` is the INVITE of this call. */
  isOf(transaction: ServerTransaction<WebSocketFlow>): boolean {
    return transaction === this.#transaction;
  }

  /** Whether `request` is the same INVITE on another way (RFC 3261 8.2.2.2). */
  isMerged({ headers }: SipRequest): boolean {
    const own = this.#transaction.request.headers;
    return (['Call-ID', 'From', 'CSeq'] as const).every((name) => own.first(name) === headers.first(name));
  }

  readonly answer = async ({ video }: { readonly video: boolean }): Promise<void> => {
    if (this.isOver || this.#isAnswering) return;
    this.#isAnswering = true;
    this.#stopRinging();
    this.change({ status: 'connecting' });
    try {
      await this.#answer(video);
    } catch {
      this.#refuse(488, 'media failed');
    }
  };

  readonly decline = (): void => {
    if (this.session === undefined) this.#refuse(603, 'declined');
    else this.hangUp();
  };

  readonly hangUp = (): void => this.leave({ now: false });

  leave({ now }: { readonly now: boolean }): void {
    if (this.isOver) return;
    if (this.session === undefined) {
      this.#refuse(now ? 480 : 603, 'declined');
      return;
    }
    this.session.hangUp({ now });
    this.finish({ by: 'local', cause: 'hung up' });
  }

  protected abandon(end: CallEnd): void {
    if (this.isOver) return;
    if (this.session === undefined) respond(this.#transaction, 488, { toTag: this.#toTag });
    else this.session.hangUp();
    this.finish(end);
  }

  override finish(end: Parameters<LiveCall['finish']>[0]): void {
    this.#stopRinging();
    if (this.session === undefined) this.access.deleteDialog(this.#dialog);
    super.finish(end);
  }

  /** The caller, or a proxy, takes the INVITE back (RFC 3261 9.2). */
  cancel(reasons: readonly string[]): void {
    if (this.session !== undefined || this.isOver) return;
    respond(this.#transaction, 487, { toTag: this.#toTag });
    this.finish({ by: 'remote', cause: cancelCauseOf(reasons) });
  }

  /** The INVITE's flow is gone; nothing can be answered on it. */
  transactionLost(): void {
    if (this.session === undefined) this.finish({ by: 'local', cause: 'connection lost' });
  }

  onRequest(transaction: ServerTransaction<WebSocketFlow>): void {
    answerFaults(transaction, () => {
      this.#dialog.receiveRequest(transaction.request);
      const { method } = transaction.request;
      if (method === 'BYE') {
        respond(transaction, 200);
        this.cancel([]);
      } else if (method === 'INFO') answerInfo(transaction, (fragment) => this.#takeCandidates(fragment));
      else if (method === 'OPTIONS') respond(transaction, 200, { headers: capabilities });
      else refuseMethod(transaction);
    });
  }

  /** There is nothing to acknowledge before there is a session. */
  onAck(): void {
    return;
  }

  onLateSuccess(): void {
    return;
  }

  protected override onMediaRefused(): void {
    this.#refuse(488, 'media refused');
  }

  async #answer(video: boolean): Promise<void> {
    const opened = await this.openMedia(video);
    if (opened === undefined) return;
    const { local, media } = opened;
    for (const fragment of this.#early.splice(0)) media.addRemoteCandidates(fragment);
    if (this.#offer !== undefined) await media.acceptOffer(this.#offer);
    media.attach(local);
    const sdp =
      this.#offer === undefined
        ? await media.createOffer({ iceRestart: false, gatherMs })
        : await media.createAnswer({ gatherMs });
    if (this.isOver) return;
    const session = this.createSession(this.#dialog, media, takesTrickle(this.#transaction.request));
    session.answer(this.#transaction, sdp, this.#offer === undefined);
    this.startMedia(media);
    // A camera that the offer had no place for gets an offer of our own.
    const hasPlace = this.#offer === undefined || /^m=video /mu.test(this.#offer);
    if (video && !hasPlace) session.renegotiate({ hasChange: true });
  }

  #takeCandidates(fragment: Parameters<PeerMedia['addRemoteCandidates']>[0]): void {
    if (this.media !== undefined) this.media.addRemoteCandidates(fragment);
    else if (this.#early.length < maxEarlyFragments) this.#early.push(fragment);
  }

  #refuse(statusCode: number, cause: CallEndCause): void {
    if (this.isOver || this.session !== undefined) return;
    respond(this.#transaction, statusCode, { toTag: this.#toTag });
    this.finish({ by: 'local', cause });
  }
}

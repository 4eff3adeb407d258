/**
 * Offers and answers in a confirmed dialog, one at a time, by INVITE both ways (RFC 3261 13.3.1.4, 14; RFC 6337).
 *
 * @module
 */
import {
  AcceptedInvite,
  createDialogResponse,
  type Dialog,
  decodeUtf8,
  encodeUtf8,
  InviteExchange,
  type ServerTransaction,
  type SipRequest,
  type SipResponse,
  TransportFailed,
} from '@wicgate/sip';
import { DescriptionRefused } from '../errors.ts';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import type { PeerMedia } from '../media/peer-media.ts';
import { randomFraction } from '../platform.ts';
import { type Access, capabilities, contentTypeOf, descriptionType } from './access.ts';
import { respond } from './in-dialog-requests.ts';
import { sendReinvite } from './reinvite.ts';

export interface NegotiationOptions {
  readonly access: Access;
  readonly dialog: Dialog;
  readonly media: PeerMedia;
  /** Candidates may follow by INFO. */
  readonly trickles: boolean;
  /** Offer and answer are in effect. */
  readonly onAgreed: () => void;
  /** The ACK of our 2xx has come. */
  readonly onAcknowledged: () => void;
  /** No ACK in 64*T1. */
  readonly onAckTimeout: () => void;
  /** The far end knows no such dialog. */
  readonly onDialogGone: () => void;
  /** Nothing can be agreed on. */
  readonly onFault: (error: unknown) => void;
}

/** Why an offer has to be made. */
export interface Wanted {
  readonly iceRestart: boolean;
  /** What we send has changed; an offer of the far end does not settle that. */
  readonly hasChange: boolean;
}

type Transaction = ServerTransaction<WebSocketFlow>;

/** What ICE gets before a description leaves; the rest follows by INFO, or else has to be there. */
const trickleGatherMs = 250;
const fullGatherMs = 5_000;
const retryMs = 2_000;
const maxRetries = 15;

export class Negotiation {
  readonly #options: NegotiationOptions;
  readonly #exchange: InviteExchange;
  #accepted: AcceptedInvite<WebSocketFlow> | undefined;
  #wanted: Wanted | undefined;
  #retries = 0;
  #stopRetry: (() => void) | undefined;
  #isOver = false;

  constructor(options: NegotiationOptions) {
    const { access, dialog } = options;
    this.#options = options;
    this.#exchange = new InviteExchange({
      ownsCallId: dialog.ownsCallId,
      random: () => randomFraction(access.platform),
    });
  }

  /** Our last 2xx has no ACK yet. */
  get waitsForAck(): boolean {
    return this.#accepted?.isWaiting === true;
  }

  get #gatherMs(): number {
    return this.#options.trickles ? trickleGatherMs : fullGatherMs;
  }

  /** Answers the INVITE that made the dialog. */
  answer(transaction: Transaction, sdp: string, isOffer: boolean): void {
    this.#exchange.receive();
    this.#accept(transaction, sdp, isOffer);
  }

  /** Makes an offer as soon as none is under way. */
  offer(wanted: Wanted): void {
    this.#wanted = join(wanted, this.#wanted);
    this.#pump();
  }

  /** A new flow: what failed before may work now. */
  restart(): void {
    this.#retries = 0;
    this.#stopRetry?.();
    this.#stopRetry = undefined;
    this.offer({ iceRestart: true, hasChange: false });
  }

  /** No ACK comes any more for what was answered on the flow that is gone. */
  flowLost(): void {
    this.#accepted?.stop();
    this.#exchange.receivedEnds();
  }

  /**
   * An INVITE in the dialog.
   *
   * @throws {RequestPending} @throws {InviteOverlapped} another one is under way.
   */
  receive(transaction: Transaction): void {
    const { request } = transaction;
    if (request.body.length > 0 && contentTypeOf(request) !== descriptionType) {
      respond(transaction, 415, { headers: [['Accept', descriptionType]] });
      return;
    }
    this.#exchange.receive();
    this.#answerOffer(transaction).catch((error: unknown) => this.#refuseOffer(transaction, error));
  }

  receiveAck(ack: SipRequest): void {
    this.#accepted?.receiveAck(ack);
  }

  /** No offer is made or answered any more; a 2xx goes on waiting for its ACK. */
  end(): void {
    this.#isOver = true;
    this.#wanted = undefined;
    this.#stopRetry?.();
    this.#stopRetry = undefined;
  }

  /** Nor does a 2xx wait. */
  stop(): void {
    this.end();
    this.#accepted?.stop();
  }

  async #answerOffer(transaction: Transaction): Promise<void> {
    const { media, onAgreed } = this.#options;
    const gatherMs = this.#gatherMs;
    const offer = readDescription(transaction.request.body);
    if (offer !== undefined) await media.acceptOffer(offer);
    const sdp = await (offer === undefined
      ? media.createOffer({ iceRestart: false, gatherMs })
      : media.createAnswer({ gatherMs }));
    if (this.#isOver) {
      respond(transaction, 481);
      return;
    }
    this.#wanted = this.#withoutSettled(this.#wanted, offer !== undefined && media.isRestarted);
    this.#accept(transaction, sdp, offer === undefined);
    if (offer !== undefined) onAgreed();
  }

  /** An offer of the far end has brought all that ours was for but a change of ours; new paths only where it asked for them. */
  #withoutSettled(wanted: Wanted | undefined, isRestarted: boolean): Wanted | undefined {
    const iceRestart = wanted?.iceRestart === true && (!isRestarted || this.#options.media.hasOldServers);
    const hasChange = wanted?.hasChange === true;
    return iceRestart || hasChange ? { iceRestart, hasChange } : undefined;
  }

  #refuseOffer(transaction: Transaction, error: unknown): void {
    respond(transaction, error instanceof DescriptionRefused ? 488 : 500);
    this.#exchange.answer();
    this.#exchange.receivedEnds();
    this.#pump();
  }

  /** Sends the 200, again and again until its ACK comes. */
  #accept(transaction: Transaction, sdp: string, isOffer: boolean): void {
    const { access, dialog, onAckTimeout } = this.#options;
    const response = createDialogResponse(transaction.request, 200, {
      toTag: dialog.id.localTag,
      contact: access.contact,
      headers: [...capabilities, ['Content-Type', descriptionType]],
      body: encodeUtf8(sdp),
    });
    this.#accepted?.stop();
    dialog.confirm();
    this.#exchange.answer();
    if (!transaction.flow.isOpen) {
      // Without its flow no ACK comes; restart() brings both ends together again.
      this.#exchange.receivedEnds();
      return;
    }
    this.#accepted = new AcceptedInvite({
      clock: access.platform.clock,
      transaction,
      response,
      onAck: (ack) => this.#onAcknowledged(isOffer ? ack : undefined),
      onTimeout: () => {
        this.#exchange.receivedEnds();
        onAckTimeout();
      },
    });
  }

  #onAcknowledged(answer: SipRequest | undefined): void {
    this.#exchange.receivedEnds();
    this.#options.onAcknowledged();
    if (this.#isOver) return;
    if (answer === undefined) this.#pump();
    else this.#acceptAnswer(answer.body).catch((error: unknown) => this.#onFault(error));
  }

  async #acceptAnswer(body: Uint8Array): Promise<void> {
    const answer = readDescription(body);
    if (answer === undefined) throw new DescriptionRefused('an answer to our offer');
    await this.#options.media.acceptAnswer(answer);
    if (this.#isOver) return;
    this.#options.onAgreed();
    this.#pump();
  }

  #pump(): void {
    const mayStart = this.#exchange.isIdle && this.#stopRetry === undefined && !this.#isOver;
    if (this.#wanted === undefined || !mayStart || this.#options.access.registered === undefined) return;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    this.#exchange.send();
    this.#offer(wanted).catch((error: unknown) => this.#onFault(error));
  }

  async #offer(wanted: Wanted): Promise<void> {
    const { access, dialog, media } = this.#options;
    const sdp = await media.createOffer({ iceRestart: wanted.iceRestart, gatherMs: this.#gatherMs });
    const response = this.#isOver ? undefined : await this.#ask(sdp);
    this.#exchange.sentEnds();
    if (this.#isOver) return;
    if (response !== undefined && response.statusCode < 300) {
      this.#retries = 0;
      await this.#acceptAnswer(response.body);
      return;
    }
    await media.withdrawOffer();
    if (dialog.state === 'terminated') this.#options.onDialogGone();
    else this.#onOfferFailed(join(wanted, this.#wanted), response);
    // The flow may have come back before we were done here.
    if (response === undefined && access.registered !== undefined) this.#pump();
  }

  /** Undefined where the flow broke. */
  async #ask(sdp: string): Promise<SipResponse | undefined> {
    const { access, dialog } = this.#options;
    try {
      return await sendReinvite(access, dialog, sdp);
    } catch (error) {
      if (error instanceof TransportFailed) return undefined;
      throw error;
    }
  }

  #onOfferFailed(again: Wanted, response: SipResponse | undefined): void {
    const status = response?.statusCode;
    if (status === undefined) this.#wanted = again;
    else if (status === 491) this.#retryLater(again, this.#exchange.retryDelayMs());
    // The far end has lost its flow as well, and comes back like us.
    else if (status === 430 || status === 480 || status >= 500) this.#retryLater(again, retryMs);
    else this.#pump();
  }

  #retryLater(wanted: Wanted, ms: number): void {
    if (this.#retries >= maxRetries) return;
    this.#retries += 1;
    this.#wanted = wanted;
    this.#stopRetry = this.#options.access.platform.clock.after(ms, () => {
      this.#stopRetry = undefined;
      this.#pump();
    });
  }

  #onFault(error: unknown): void {
    if (!this.#isOver) this.#options.onFault(error);
  }
}

function join(one: Wanted, other: Wanted | undefined): Wanted {
  return {
    iceRestart: one.iceRestart || other?.iceRestart === true,
    hasChange: one.hasChange || other?.hasChange === true,
  };
}

/** The text of a body; undefined where there is none. */
function readDescription(body: Uint8Array): string | undefined {
  return body.length === 0 ? undefined : (decodeUtf8(body) ?? '');
}

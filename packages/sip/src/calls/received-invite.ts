/**
 * One INVITE of the far end, first or later, on its way to a final response and its ACK (RFC 3261 13.3, 14.2; RFC 3262 3).
 *
 * @module
 */

import { AcceptedInvite } from '../dialogs/accepted-invite.ts';
import { createDialogResponse } from '../dialogs/create-dialog-response.ts';
import { SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { findDescription } from '../offer-answer/find-description.ts';
import { decideReliability, type ReliabilityPolicy } from '../provisional-responses/reliability.ts';
import { ReliableResponses } from '../provisional-responses/reliable-responses.ts';
import { answerSessionTimer, type HeaderPairs, type SessionTimerAnswer } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { CallParts } from './call-context.ts';
import { capabilitiesOf, descriptionHeaders } from './capabilities.ts';
import { faultOf } from './fault-of.ts';
import { respond } from './respond.ts';

export interface ReceivedInviteOptions<F extends Flow> {
  readonly parts: CallParts<F>;
  readonly transaction: ServerTransaction<F>;
  readonly reliability: ReliabilityPolicy;
  /** The ACK of our 2xx has come. */
  readonly onAcknowledged: () => void;
  /** A final response other than 2xx has gone out. */
  readonly onRefused: (response: SipResponse) => void;
}

export class ReceivedInvite<F extends Flow = Flow> {
  readonly transaction: ServerTransaction<F>;
  readonly #options: ReceivedInviteOptions<F>;
  readonly #parts: CallParts<F>;
  readonly #offer: Uint8Array | undefined;
  readonly #timer: SessionTimerAnswer | undefined;
  readonly #reliable: ReliableResponses | undefined;
  #answer: Uint8Array | undefined;
  #accepted: AcceptedInvite<F> | undefined;
  #isFinal = false;
  /** Responses go out in the order they were asked for. */
  #queue: Promise<void> = Promise.resolve();
  #onPrack: (() => void) | undefined;
  #stopKeepAlive: (() => void) | undefined;

  /**
   * Nothing has changed if it throws.
   *
   * @throws {SessionIntervalTooSmall} @throws {OfferPending} @throws {OfferOverlapped} @throws {HeaderMalformed}
   */
  constructor(options: ReceivedInviteOptions<F>) {
    const { parts, transaction, reliability } = options;
    const { request } = transaction;
    this.#options = options;
    this.#parts = parts;
    this.transaction = transaction;
    this.#offer = findDescription(request);
    this.#timer = answerSessionTimer(request, parts.context.sessionTimer);
    const isReliable = decideReliability(request, reliability).type === 'reliable';
    parts.session.receive('INVITE', this.#offer !== undefined);
    if (!isReliable) return;
    this.#reliable = new ReliableResponses({
      clock: parts.context.clock,
      random: parts.context.random,
      invite: request,
      send: (response) => this.#send(response),
      onTimeout: () => this.reject(504),
    });
  }

  /** No final response has gone out yet. */
  get isOpen(): boolean {
    return !this.#isFinal;
  }

  /** Our last reliable response has no PRACK; the ACK tells as well that the far end has the dialog. */
  get isPrackDue(): boolean {
    return (this.isOpen || this.isAckDue) && this.#reliable?.isPrackDue === true;
  }

  /** The 2xx has no ACK yet. */
  get isAckDue(): boolean {
    return this.#accepted?.isWaiting === true;
  }

  /** Sends a response from 101 to 199, reliably where the far end takes it. Rejects where the media throw. */
  progress(statusCode: number, withDescription: boolean): Promise<void> {
    return this.#enqueue(async () => {
      const { session } = this.#parts;
      // An offer goes in a reliable response only (RFC 3262 5), and there it has to (`offer wanted`).
      const isWanted = session.state === 'offer wanted';
      const describes = isWanted ? this.#reliable !== undefined : withDescription;
      const body = describes ? await this.#describe() : undefined;
      if (this.#isFinal) return;
      session.send(this.#reliable === undefined ? 'unreliable 1xx' : 'reliable 1xx', body !== undefined);
      const response = this.#create(statusCode, [], body);
      if (this.#reliable === undefined) this.#send(response);
      else this.#reliable.send(response);
      this.#keepAlive(statusCode);
    });
  }

  /** Sends the 2xx as soon as no PRACK stands in its way. Where the media throw, it is a 488, and this rejects. */
  accept(): Promise<void> {
    return this.#enqueue(async () => {
      try {
        await this.#acknowledged();
        const body = await this.#describe();
        if (!this.#isFinal) this.#accept(body);
      } catch (error) {
        this.reject(488);
        throw error;
      }
    });
  }

  /** Sends a response from 300 up, unless a final one has gone out. */
  reject(statusCode: number, headers: HeaderPairs = []): void {
    if (this.#isFinal) return;
    this.#isFinal = true;
    const { dialog, exchange, session, user } = this.#parts;
    this.#stopReliable();
    if (session.send('INVITE failure', false) === 'rollback') user.media.rollback?.(dialog.id);
    exchange.answer();
    exchange.receivedEnds();
    respond(this.transaction, statusCode, { toTag: dialog.id.localTag, headers });
    const { response } = this.transaction;
    if (response !== undefined) this.#options.onRefused(response);
  }

  /**
   * A PRACK: what it acknowledges, and the offer or answer in it (RFC 3262 3, 5).
   *
   * @throws {PrackUnmatched} @throws {OfferPending} @throws {OfferOverlapped} @throws {HeaderMalformed}
   */
  receivePrack(transaction: ServerTransaction<F>): void {
    if (this.#reliable === undefined) {
      respond(transaction, 481);
      return;
    }
    const { session } = this.#parts;
    const { request } = transaction;
    const description = findDescription(request);
    this.#reliable.receivePrack(request);
    // The response is acknowledged, whatever is wrong with an offer in the PRACK.
    this.#onPrack?.();
    const role = session.receive('PRACK', description !== undefined);
    if (role === 'offer' && description !== undefined) this.#run(this.#answerPrack(transaction, description));
    else respond(transaction, role === 'missing' ? 400 : 200);
    if (role === 'missing') this.reject(400);
    if (role === 'answer' && description !== undefined) this.#run(this.#takeAnswer(description));
  }

  /** Whether `ack` was for this INVITE. */
  receiveAck(ack: SipRequest): boolean {
    return this.#accepted?.receiveAck(ack) === true;
  }

  /** The call is over: nothing is repeated, nothing waited for. */
  stop(): void {
    this.#isFinal = true;
    this.#stopReliable();
    this.#accepted?.stop();
  }

  #accept(body: Uint8Array | undefined): void {
    const { context, dialog, exchange, session, timer } = this.#parts;
    session.send('INVITE success', body !== undefined);
    this.#isFinal = true;
    this.#stopReliable();
    dialog.confirm();
    dialog.refreshTarget(this.transaction.request);
    exchange.answer();
    this.#accepted = new AcceptedInvite({
      clock: context.clock,
      transaction: this.transaction,
      response: this.#create(200, this.#timer?.headers ?? [], body),
      onAck: (ack) => this.#onAck(ack),
      onTimeout: () => this.#onAckTimeout(),
    });
    timer.agree(this.#timer?.interval);
  }

  #onAck(ack: SipRequest): void {
    const { exchange, hangUp, session } = this.#parts;
    exchange.acknowledged();
    const answer = readAnswer(ack);
    const role = session.receive('ACK', answer !== undefined);
    this.#options.onAcknowledged();
    if (role === 'answer' && answer !== undefined) this.#run(this.#takeAnswer(answer));
    if (role === 'missing') hangUp({ by: 'fault', error: new Error('expected a session description in the ACK') });
  }

  /** RFC 3261 13.3.1.4: the dialog is confirmed, and ends by BYE. */
  #onAckTimeout(): void {
    this.#parts.exchange.acknowledged();
    this.#parts.hangUp({ by: 'silence' });
  }

  /** What goes in the next response; undefined where all is said. A preview and the answer are the same (13.2.1). */
  async #describe(): Promise<Uint8Array | undefined> {
    const { dialog, session, user } = this.#parts;
    if (session.state === 'offer wanted') return await user.media.createOffer(dialog.id);
    if (session.state !== 'offer in INVITE' || this.#offer === undefined) return undefined;
    this.#answer ??= await user.media.createAnswer(this.#offer, dialog.id);
    return this.#answer;
  }

  async #answerPrack(transaction: ServerTransaction<F>, offer: Uint8Array): Promise<void> {
    const { dialog, session, user } = this.#parts;
    try {
      const body = await user.media.createAnswer(offer, dialog.id);
      session.send('PRACK success', true);
      respond(transaction, 200, { headers: descriptionHeaders(body), body });
    } catch {
      // Whatever the media have against it, the far end hears that the offer cannot be met (RFC 3261 13.3.1.3).
      session.send('PRACK failure', false);
      user.media.rollback?.(dialog.id);
      respond(transaction, 488);
    }
    this.#onPrack?.();
  }

  async #takeAnswer(answer: Uint8Array): Promise<void> {
    const { dialog, user } = this.#parts;
    await user.media.acceptAnswer(answer, dialog.id);
  }

  /** Resolves once a 2xx may go out (RFC 3262 3), or nothing may any more. */
  async #acknowledged(): Promise<void> {
    const mayAccept = (): boolean =>
      this.#isFinal || (this.#reliable?.mayAccept !== false && this.#parts.session.state !== 'offer in PRACK');
    while (!mayAccept()) {
      await new Promise<void>((resolve) => {
        this.#onPrack = resolve;
      });
    }
  }

  #create(statusCode: number, headers: HeaderPairs, body: Uint8Array | undefined): SipResponse {
    const { context, dialog } = this.#parts;
    return createDialogResponse(this.transaction.request, statusCode, {
      toTag: dialog.id.localTag,
      contact: context.contact,
      headers: [...capabilitiesOf(context), ...headers, ...descriptionHeaders(body)],
      ...(body === undefined ? {} : { body }),
    });
  }

  #send(response: SipResponse): void {
    if (!this.#isFinal) this.transaction.respond(response);
  }

  /** Proxies lose patience after three minutes (RFC 3261 13.3.1.1, RFC 3262 3). */
  #keepAlive(statusCode: number): void {
    this.#stopKeepAlive?.();
    const ms = this.#reliable === undefined ? 60_000 : 150_000;
    this.#stopKeepAlive = this.#parts.context.clock.after(ms, () => {
      this.progress(statusCode, false).catch(() => undefined);
    });
  }

  #stopReliable(): void {
    this.#stopKeepAlive?.();
    this.#reliable?.stop();
    this.#onPrack?.();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#parts.hangUp(faultOf(error));
    });
  }
}

/** A body that cannot be read answers nothing. */
function readAnswer(ack: SipRequest): Uint8Array | undefined {
  try {
    return findDescription(ack);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

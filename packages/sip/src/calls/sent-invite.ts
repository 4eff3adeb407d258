/**
 * The responses to one INVITE of ours in one dialog: PRACK, ACK, and what they bring (RFC 3261 13.2.2, RFC 3262 4).
 *
 * @module
 */

import { SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { findDescription } from '../offer-answer/find-description.ts';
import { createPrack } from '../provisional-responses/create-prack.ts';
import { ReceivedProvisionals } from '../provisional-responses/received-provisionals.ts';
import { readSessionInterval } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import { ask } from './ask.ts';
import type { CallParts } from './call-context.ts';
import { descriptionHeaders } from './capabilities.ts';
import { faultOf } from './fault-of.ts';
import { SentAck } from './sent-ack.ts';

/** A peer that sends reliable responses and answers no PRACK shall not have us send them without end. */
const maxOpenPracks = 16;

export class SentInvite<F extends Flow = Flow> {
  readonly #parts: CallParts<F>;
  readonly #invite: SipRequest;
  readonly #provisionals = new ReceivedProvisionals();
  #hasSuccess = false;
  #openPracks = 0;
  #ack: SentAck<F> | undefined;

  /** `session` knows of the offer in `invite` already. */
  constructor(parts: CallParts<F>, invite: SipRequest) {
    this.#parts = parts;
    this.#invite = invite;
  }

  /** Whether `response` answers this INVITE, and no other of the dialog. */
  isAnsweredBy(response: SipResponse): boolean {
    return response.headers.first('CSeq') === this.#invite.headers.first('CSeq');
  }

  /**
   * Takes a provisional response with a To tag; false where it is a copy, or out of order.
   *
   * @throws {HeaderMalformed}
   */
  receiveProvisional(response: SipResponse): boolean {
    // What is dropped comes again, once some of our PRACKs have their answers.
    if (this.#openPracks >= maxOpenPracks && response.headers.has('RSeq')) return false;
    const order = this.#provisionals.receive(response);
    if (order === 'repeat' || order === 'gap' || this.#hasSuccess) return false;
    const { dialog, learn, session, user } = this.#parts;
    const description = findDescription(response);
    dialog.receiveResponse(response);
    learn(response);
    const role = session.receive(order === 'next' ? 'reliable 1xx' : 'unreliable 1xx', description !== undefined);
    if (order === 'next') this.#acknowledge(response, role === 'offer' ? description : undefined);
    if (description === undefined) return true;
    if (role === 'answer') this.#guard(this.#accept(description));
    else if (role === 'preview') user.media.preview?.(description, dialog.id);
    return true;
  }

  /**
   * Takes a 2xx, or a copy of it, and acknowledges it. Resolves once the session stands.
   *
   * @throws {SipError} rejects: it is broken; the ACK has gone out all the same.
   */
  async receiveSuccess(response: SipResponse): Promise<void> {
    // The answer to an offer in the 2xx may still be in the making.
    if (this.#repeatAck() || this.#hasSuccess) return;
    this.#hasSuccess = true;
    this.#parts.exchange.sentEnds();
    try {
      await this.#takeSuccess(response);
    } finally {
      // 13.2.2.4: an ACK goes out whatever is wrong with the 2xx or with its offer; a BYE follows.
      if (this.#ack === undefined) this.#sendAck(undefined);
    }
  }

  /** Takes a 2xx, or a copy of it, that nobody wants any more: a BYE follows. */
  release(response: SipResponse): void {
    if (this.#repeatAck()) return;
    this.#hasSuccess = true;
    try {
      this.#parts.dialog.receiveResponse(response);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
    }
    this.#sendAck(undefined);
  }

  /** Takes the refusal: the offer is void. */
  receiveFailure(response: SipResponse): void {
    const { dialog, exchange, session, user } = this.#parts;
    dialog.receiveResponse(response);
    exchange.sentEnds();
    if (session.receive('INVITE failure', false) === 'rollback') user.media.rollback?.(dialog.id);
  }

  async #takeSuccess(response: SipResponse): Promise<void> {
    const { dialog, hangUp, isOver, learn, session, timer, user } = this.#parts;
    dialog.receiveResponse(response);
    const description = findDescription(response);
    const interval = readSessionInterval(response);
    learn(response);
    const role = session.receive('INVITE success', description !== undefined);
    if (role === 'offer' && description !== undefined) {
      const answer = await user.media.createAnswer(description, dialog.id);
      session.send('ACK', true);
      this.#sendAck(answer);
    } else this.#sendAck(undefined);
    if (role === 'answer' && description !== undefined) await user.media.acceptAnswer(description, dialog.id);
    if (role === 'missing') hangUp({ by: 'fault', error: new Error('expected a session description in the 2xx') });
    else if (!isOver()) timer.agree(interval);
  }

  /** Whether the 2xx has its ACK already, which goes out again (RFC 3261 13.2.2.4). */
  #repeatAck(): boolean {
    this.#ack?.repeat();
    return this.#ack !== undefined;
  }

  #sendAck(body: Uint8Array | undefined): void {
    const { context, dialog, flow } = this.#parts;
    const options = body === undefined ? {} : { headers: descriptionHeaders(body), body };
    this.#ack = new SentAck(context, dialog.createAck(this.#invite, options), flow);
  }

  #acknowledge(response: SipResponse, offer: Uint8Array | undefined): void {
    if (offer === undefined) this.#guard(this.#sendPrack(response, undefined));
    else this.#guard(this.#answerInPrack(response, offer));
  }

  async #answerInPrack(response: SipResponse, offer: Uint8Array): Promise<void> {
    const { dialog, user } = this.#parts;
    await this.#sendPrack(response, await user.media.createAnswer(offer, dialog.id));
  }

  async #sendPrack(response: SipResponse, body: Uint8Array | undefined): Promise<void> {
    const { dialog, session, isOver } = this.#parts;
    if (isOver()) return;
    if (session.send('PRACK', body !== undefined) === 'offer') throw new TypeError('expected no offer in PRACK');
    const options = body === undefined ? {} : { headers: descriptionHeaders(body), body };
    this.#openPracks += 1;
    try {
      await ask(this.#parts, createPrack(dialog, response, options));
    } finally {
      this.#openPracks -= 1;
    }
  }

  async #accept(answer: Uint8Array): Promise<void> {
    const { dialog, user } = this.#parts;
    await user.media.acceptAnswer(answer, dialog.id);
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#parts.hangUp(faultOf(error));
    });
  }
}

/**
 * Re-INVITE and UPDATE of this end: offers, session refreshes, glare (RFC 3261 14.1, RFC 3311 5, RFC 4028 7.4).
 *
 * @module
 */

import { RequestPending, SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { findDescription } from '../offer-answer/find-description.ts';
import {
  type HeaderPairs,
  raiseSessionTimer,
  readSessionInterval,
  requestSessionTimer,
  type SessionTimerWish,
} from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { ask, finalOf, sendInCall } from './ask.ts';
import type { CallParts } from './call-context.ts';
import { capabilitiesOf, descriptionHeaders } from './capabilities.ts';
import { faultOf } from './fault-of.ts';
import { SentInvite } from './sent-invite.ts';
import type { Wait } from './wait.ts';

export type ChangeMethod = 'INVITE' | 'UPDATE';

export interface SessionChangeOptions<F extends Flow> {
  readonly parts: CallParts<F>;
  /** Between a 491 and the next try. */
  readonly wait: Wait;
}

const maxTries = 6;
/** How long a re-INVITE may stay without final response: somebody may be asked (RFC 3261 16.6 step 11). */
const patienceMs = 180_000;

export class SessionChange<F extends Flow = Flow> {
  readonly #parts: CallParts<F>;
  readonly #wait: Wait;
  #isUpdating = false;
  /** Takes the copies of the 2xx to our last re-INVITE. */
  #sent: SentInvite<F> | undefined;

  constructor({ parts, wait }: SessionChangeOptions<F>) {
    this.#parts = parts;
    this.#wait = wait;
  }

  /** An UPDATE of ours has no final response yet. */
  get isUpdating(): boolean {
    return this.#isUpdating;
  }

  /**
   * Sends a re-INVITE or UPDATE, again after 491 or 422. The final response; if it is no 2xx, all is as it was before.
   *
   * @throws {RequestPending} rejects: another one is under way.
   */
  async run(method: ChangeMethod, hasOffer: boolean): Promise<SipResponse> {
    const { context, exchange, isOver } = this.#parts;
    let wish = this.#wish();
    for (let tries = 1; ; tries += 1) {
      // The other end may have begun in the pause: that is glare like the first.
      const response = await this.#once(method, hasOffer, wish).catch((error: unknown) => {
        if (tries === 1 || isOver() || !(error instanceof RequestPending)) throw error;
        return undefined;
      });
      if (response === undefined) {
        if (tries >= maxTries) throw new RequestPending();
        await this.#wait.start(context.clock, exchange.retryDelayMs());
        continue;
      }
      if (isOver() || tries >= maxTries) return response;
      if (response.statusCode === 491) await this.#wait.start(context.clock, exchange.retryDelayMs());
      else if (response.statusCode !== 422 || wish === undefined) return response;
      else {
        const raised = raiseSessionTimer(wish, response);
        if (raised === undefined) return response;
        wish = raised;
      }
      if (isOver()) return response;
    }
  }

  /** A copy of a 2xx to a re-INVITE whose transaction is gone; false where it belongs to none. */
  receiveSuccess(response: SipResponse): boolean {
    if (this.#sent?.isAnsweredBy(response) !== true) return false;
    this.#guard(this.#sent.receiveSuccess(response));
    return true;
  }

  async #once(method: ChangeMethod, hasOffer: boolean, wish: SessionTimerWish | undefined): Promise<SipResponse> {
    const { exchange } = this.#parts;
    if (this.#isUpdating || (method === 'INVITE' && !exchange.isIdle)) throw new RequestPending();
    if (method === 'INVITE') {
      exchange.send();
      try {
        return await this.#reinvite(hasOffer, wish);
      } finally {
        exchange.sentEnds();
      }
    }
    this.#isUpdating = true;
    try {
      return await this.#update(hasOffer, wish);
    } finally {
      this.#isUpdating = false;
    }
  }

  async #update(hasOffer: boolean, wish: SessionTimerWish | undefined): Promise<SipResponse> {
    const { dialog } = this.#parts;
    const body = await this.#offer('UPDATE', hasOffer);
    const response = await ask(this.#parts, dialog.createRequest('UPDATE', this.#options(body, wish)));
    await this.#orHangUp(this.#takeUpdated(response));
    return response;
  }

  async #takeUpdated(response: SipResponse): Promise<void> {
    const { dialog, hangUp, isOver, learn, session, timer, user } = this.#parts;
    const isSuccess = response.statusCode < 300;
    dialog.receiveResponse(response);
    const answer = isSuccess ? findDescription(response) : undefined;
    const role = session.receive(isSuccess ? 'UPDATE success' : 'UPDATE failure', answer !== undefined);
    if (role === 'rollback') user.media.rollback?.(dialog.id);
    if (role === 'missing') hangUp({ by: 'fault', error: new Error('expected a session description in the 2xx') });
    if (isSuccess) {
      learn(response);
      if (dialog.state === 'confirmed' && !isOver()) timer.agree(readSessionInterval(response));
    } else this.#endWithDialog();
    if (role === 'answer' && answer !== undefined) await user.media.acceptAnswer(answer, dialog.id);
  }

  async #reinvite(hasOffer: boolean, wish: SessionTimerWish | undefined): Promise<SipResponse> {
    const { dialog } = this.#parts;
    const body = await this.#offer('INVITE', hasOffer);
    const invite = dialog.createRequest('INVITE', this.#options(body, wish));
    return await this.#orHangUp(this.#sendInvite(invite));
  }

  #sendInvite(invite: SipRequest): Promise<SipResponse> {
    const { context, flow } = this.#parts;
    // Of this INVITE: copies of its 2xx may come when another one is under way.
    let sent = new SentInvite(this.#parts, invite);
    let stopPatience: (() => void) | undefined;
    const send: SendRequest = (request, inform) => {
      sent = new SentInvite(this.#parts, request);
      this.#sent = sent;
      const transaction = context.layer.request(request, context.selectFlow(request, flow), inform);
      stopPatience?.();
      stopPatience = context.clock.after(patienceMs, () => context.layer.cancel(transaction));
    };
    return new Promise((resolve, reject) => {
      sendInCall(this.#parts, invite, send, (event) => {
        if (finalOf(event, invite) !== undefined) stopPatience?.();
        this.#take(sent, event, invite).then((response) => response !== undefined && resolve(response), reject);
      });
    });
  }

  /** What `sent` has brought; undefined while that is not final. */
  async #take(sent: SentInvite<F>, event: ClientEvent, invite: SipRequest): Promise<SipResponse | undefined> {
    const response = finalOf(event, invite);
    if (response === undefined) {
      if (event.type === 'response') tryProvisional(sent, event.response);
      return undefined;
    }
    if (response.statusCode < 300) await sent.receiveSuccess(response);
    else this.#fail(sent, response);
    return response;
  }

  #fail(sent: SentInvite<F>, response: SipResponse): void {
    sent.receiveFailure(response);
    this.#endWithDialog();
  }

  /** RFC 3261 12.2.1.2: after 481 or 408 there is no dialog any more. */
  #endWithDialog(): void {
    const { dialog, hangUp } = this.#parts;
    if (dialog.state === 'terminated') hangUp({ by: 'silence' });
  }

  /** Makes the offer and takes note of it. Between the two the far end may have been faster. */
  async #offer(method: ChangeMethod, hasOffer: boolean): Promise<Uint8Array | undefined> {
    const { dialog, isOver, session, user } = this.#parts;
    const mustBeFree = hasOffer || method === 'INVITE';
    if (isOver() || (mustBeFree && !session.mayOffer)) throw new RequestPending();
    const body = hasOffer ? await user.media.createOffer(dialog.id) : undefined;
    if (isOver() || (mustBeFree && !session.mayOffer)) {
      user.media.rollback?.(dialog.id);
      throw new RequestPending();
    }
    session.send(method, body !== undefined);
    return body;
  }

  #options(
    body: Uint8Array | undefined,
    wish: SessionTimerWish | undefined,
  ): { readonly headers: HeaderPairs; readonly body?: Uint8Array } {
    const { context } = this.#parts;
    const timer = wish === undefined ? [] : requestSessionTimer(wish);
    const headers: HeaderPairs = [
      ['Contact', context.contact],
      ...capabilitiesOf(context),
      ...timer,
      ...descriptionHeaders(body),
    ];
    return body === undefined ? { headers } : { headers, body };
  }

  /** What holds goes on to hold, with the same end to refresh (RFC 4028 7.4). */
  #wish(): SessionTimerWish | undefined {
    const { context, timer } = this.#parts;
    const { interval } = timer;
    if (interval === undefined) return context.sessionTimer;
    const minSeconds = context.sessionTimer?.minSeconds;
    const least = minSeconds === undefined ? {} : { minSeconds };
    return { seconds: interval.seconds, refresher: interval.refreshes ? 'uac' : 'uas', ...least };
  }

  /** Where what came cannot be taken, the ends no longer agree. */
  async #orHangUp<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#parts.hangUp(faultOf(error));
      throw error;
    }
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => this.#parts.hangUp(faultOf(error)));
  }
}

/** A provisional response that is broken is as good as none. */
function tryProvisional<F extends Flow>(sent: SentInvite<F>, response: SipResponse): void {
  try {
    sent.receiveProvisional(response);
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
  }
}

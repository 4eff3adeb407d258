/**
 * The subscriber: one SUBSCRIBE, or a REFER that subscribes too, and every subscription that comes of it, for each
 * fork sends a NOTIFY of its own (RFC 6665 4.1, 4.4.1).
 *
 * @module
 */
import { createNotifiedDialog } from '../dialogs/create-dialog.ts';
import type { Dialog } from '../dialogs/dialog.ts';
import { type DialogId, dialogIdOf } from '../dialogs/dialog-id.ts';
import { SipError } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { type Event, isSameEvent } from '../headers/event.ts';
import { formatExpires } from '../headers/expires.ts';
import { findNumber } from '../headers/number-header.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transactions/flow.ts';
import { T1 } from '../transactions/timers.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import { raisedExpires } from '../usages/raised-expires.ts';
import { sendAuthorized } from '../usages/send-authorized.ts';
import { TimerGroup } from '../usages/timer-group.ts';
import { type Notification, readNotification } from './notification.ts';
import { Subscription, type SubscriptionOptions } from './subscription.ts';
import type { SubscriptionEnd } from './subscription-end.ts';

/** What to ask for, how it leaves, and who hears of it. */
export interface SubscriberOptions extends Omit<SubscriptionOptions, 'random' | 'refreshes' | 'headers' | 'authorize'> {
  /** The first request, without Via: see `createSubscribe` and `createRefer`. */
  readonly request: SipRequest;
  readonly authorize?: SubscriptionOptions['authorize'];
  /** From 0 up to 1; spreads the refreshes. 0 unless given. */
  readonly random?: () => number;
  readonly refreshes?: boolean;
  readonly headers?: SubscriptionOptions['headers'];
  /** `first` keeps the subscription of the first NOTIFY and refuses those of other forks with 481. */
  readonly forks?: 'all' | 'first';
  /** How many forks at most; 8 unless given. */
  readonly maxForks?: number;
  /** The dialog that a REFER was sent in, where there was one (RFC 6665 4.5.2 advises against). */
  readonly dialog?: Dialog;
}

/** Takes the NOTIFYs for one request, of as many forks as may be. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #shared: SubscriptionOptions;
  readonly #timers: TimerGroup<'forks'>;
  /** By the tag of the notifier. */
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #id: DialogId;
  /** In state notify_wait until a NOTIFY comes. */
  readonly #first: Subscription;
  /** Tags of every notifier that was ever let in: none comes twice. */
  readonly #seen = new Set<string>();
  #sequence: number;
  #raises = 0;

  /** Sends the request. */
  constructor(options: SubscriberOptions) {
    const { request, authorize, random = () => 0, refreshes = true, headers = [] } = options;
    this.#options = options;
    this.#shared = {
      ...options,
      authorize,
      random,
      refreshes,
      headers,
      onEnd: (subscription, end) => this.#onEnd(subscription, end),
    };
    this.#id = dialogIdOf(request, 'sent');
    this.#sequence = parseCSeq(request.headers.first('CSeq') ?? '').number;
    this.#timers = new TimerGroup(options.clock);
    this.#timers.start('forks', 64 * T1, () => undefined);
    this.#first = new Subscription(this.#shared);
    this.#send(request);
  }

  /** The subscriptions that stand, the one that waits for its NOTIFY not among them. */
  get subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  /** Ends every subscription, and any that a late NOTIFY would make. */
  unsubscribe(): void {
    this.#timers.stop('forks');
    for (const subscription of new Set([this.#first, ...this.subscriptions])) subscription.unsubscribe();
  }

  /** Forgets everything without a word to the notifiers. */
  close(): void {
    this.#timers.stopAll();
    for (const subscription of new Set([this.#first, ...this.subscriptions])) subscription.fail({ type: 'closed' });
  }

  /**
   * Takes a NOTIFY and answers it, if it belongs to this request; false where it does not, which is 481 unless it
   * belongs to somebody else here (RFC 6665 4.1.3).
   */
  receive(transaction: ServerTransaction<Flow>): boolean {
    const { request } = transaction;
    try {
      const id = dialogIdOf(request, 'received');
      if (request.method !== 'NOTIFY' || id.callId !== this.#id.callId || id.localTag !== this.#id.localTag) {
        return false;
      }
      const notification = readNotification(request);
      if (!this.#isMine(notification.event)) return false;
      this.#take(transaction, notification, id.remoteTag);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      transaction.respond(createResponse(request, error.statusCode));
    }
    return true;
  }

  #take(transaction: ServerTransaction<Flow>, notification: Notification, remoteTag: string): void {
    const { request } = transaction;
    const known = this.#subscriptions.get(remoteTag);
    if (known === undefined && !this.#mayFork(remoteTag)) {
      transaction.respond(createResponse(request, 481));
      return;
    }
    const own = known?.dialog;
    // In a dialog that somebody else keeps, that one has looked at the order.
    if (own !== undefined && own !== this.#options.dialog) own.receiveRequest(request);
    const dialog = own ?? this.#options.dialog ?? createNotifiedDialog(this.#lastRequest, request);
    const subscription = known ?? this.#adopt(remoteTag);
    transaction.respond(createResponse(request, 200));
    subscription.receive(notification, dialog);
  }

  #mayFork(remoteTag: string): boolean {
    const { forks = 'all', maxForks = 8, dialog } = this.#options;
    if (this.#seen.has(remoteTag)) return false;
    if (this.#first.stage === 'notify_wait') return dialog === undefined || dialog.id.remoteTag === remoteTag;
    return dialog === undefined && forks === 'all' && this.#seen.size < maxForks && this.#timers.isRunning('forks');
  }

  #adopt(remoteTag: string): Subscription {
    const subscription = this.#first.stage === 'notify_wait' ? this.#first : new Subscription(this.#shared);
    this.#seen.add(remoteTag);
    this.#subscriptions.set(remoteTag, subscription);
    return subscription;
  }

  /** With the CSeq number of its last try, after which the dialog goes on. */
  get #lastRequest(): SipRequest {
    const { request } = this.#options;
    return { ...request, headers: request.headers.set('CSeq', `${this.#sequence} ${request.method}`) };
  }

  /** A REFER may be named by its CSeq number, and must be from the second one in a dialog on (RFC 3515 2.4.6). */
  #isMine(event: Event): boolean {
    const { request, event: own } = this.#options;
    if (request.method !== 'REFER') return isSameEvent(own, event);
    const number = String(parseCSeq(request.headers.first('CSeq') ?? '').number);
    return (
      event.type === 'refer' && (event.id === undefined || event.id === number || event.id === String(this.#sequence))
    );
  }

  #send(request: SipRequest): void {
    const { send, authorize } = this.#options;
    const sending = { send, authorize, nextSequence: () => this.#nextSequence(), isWanted: () => this.#isWanted() };
    sendAuthorized(request, sending, (event) => this.#onAnswer(event, request));
  }

  /** Of the dialog, where the request went in one that stood before. */
  #nextSequence(): number {
    const { dialog, request } = this.#options;
    this.#sequence =
      dialog === undefined
        ? this.#sequence + 1
        : parseCSeq(dialog.createRequest(request.method).headers.first('CSeq') ?? '').number;
    return this.#sequence;
  }

  /** Whether anybody here still waits for what the request brings. */
  #isWanted(): boolean {
    return this.#first.stage !== 'terminated';
  }

  #onAnswer(event: ClientEvent, request: SipRequest): void {
    if (event.type === 'timeout') this.#fail({ type: 'no notify' });
    else if (event.type === 'transport error') this.#fail(event);
    else if (event.response.statusCode >= 300) {
      // What was closed meanwhile asks for nothing more.
      const asked = this.#isWanted() ? numberIn(request, 'Expires') : undefined;
      const raised = asked === undefined ? undefined : raisedExpires(event.response, asked, this.#raises);
      if (raised === undefined) this.#fail({ type: 'refused', response: event.response });
      else this.#sendRaised(request, raised);
    } else if (event.response.statusCode >= 200) this.#onSuccess(event);
  }

  #onSuccess({ response }: Extract<ClientEvent, { type: 'response' }>): void {
    // RFC 4488 4, RFC 7614 4: a 2xx that says so makes no subscription. 204 promises no NOTIFY (RFC 5839 6.2).
    const isRefer = this.#options.request.method === 'REFER';
    const declines = isRefer && response.headers.first('Refer-Sub')?.toLowerCase().startsWith('false') === true;
    if (declines || response.statusCode === 204) {
      this.#fail({ type: 'not subscribed', response });
      return;
    }
    const granted = numberIn(response, 'Expires');
    if (granted === undefined) return;
    for (const subscription of new Set([this.#first, ...this.subscriptions])) subscription.grant(granted);
  }

  #sendRaised(request: SipRequest, seconds: number): void {
    this.#raises += 1;
    const headers = request.headers
      .set('Expires', formatExpires(seconds))
      .set('CSeq', `${this.#nextSequence()} ${request.method}`);
    this.#send({ ...request, headers });
  }

  /** Only what no NOTIFY has come for. */
  #fail(end: SubscriptionEnd): void {
    this.#timers.stop('forks');
    if (this.#first.stage === 'notify_wait') this.#first.fail(end);
  }

  #onEnd(subscription: Subscription, end: SubscriptionEnd): void {
    for (const [tag, each] of this.#subscriptions) if (each === subscription) this.#subscriptions.delete(tag);
    if (subscription === this.#first && end.type === 'no notify') this.#timers.stop('forks');
    this.#options.onEnd(subscription, end);
  }
}

/** Undefined where it is absent or broken. */
function numberIn({ headers }: Pick<SipRequest, 'headers'>, name: string): number | undefined {
  try {
    return findNumber(headers, name);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

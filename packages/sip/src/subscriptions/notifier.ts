/**
 * The notifier: who subscribed to which event package here (RFC 6665 4.2).
 *
 * @module
 */
import { createUasDialog } from '../dialogs/create-dialog.ts';
import { createDialogResponse } from '../dialogs/create-dialog-response.ts';
import { dialogIdOf, dialogKey } from '../dialogs/dialog-id.ts';
import { HeaderMissing, SipError } from '../errors.ts';
import { type Event, parseEvent } from '../headers/event.ts';
import { findNumber } from '../headers/number-header.ts';
import { createResponse, type ResponseOptions } from '../messages/create-response.ts';
import type { Clock } from '../transactions/clock.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { Authorize } from '../usages/send-authorized.ts';
import type { SendRequest } from '../usages/send-request.ts';
import type { EventPackage } from './event-package.ts';
import { NotifierSubscription } from './notifier-subscription.ts';

/** The packages served here, and how NOTIFYs leave. */
export interface NotifierOptions<F extends Flow = Flow> {
  readonly clock: Clock;
  /** A fresh random token, for tags. */
  readonly createToken: () => string;
  readonly packages: readonly EventPackage[];
  /** Value of Contact. */
  readonly contact: string;
  /** How NOTIFYs for the subscription that `transaction` makes leave; asked once for each. */
  readonly createSender: (transaction: ServerTransaction<F>) => SendRequest;
  readonly authorize?: Authorize;
  /** How many subscriptions at a time; further ones get 503. 10,000 unless given. */
  readonly maxSubscriptions?: number;
}

/** Below this a wish may be refused as too brief (RFC 6665 4.2.1.1). */
const hourSeconds = 3_600;
const retryAfter = [['Retry-After', '30']] as const;

/** The subscriptions of all packages at one element. */
export class Notifier<F extends Flow = Flow> {
  readonly #options: NotifierOptions<F>;
  readonly #packages: ReadonlyMap<string, EventPackage>;
  readonly #subscriptions = new Map<string, NotifierSubscription>();

  constructor(options: NotifierOptions<F>) {
    this.#options = options;
    this.#packages = new Map(options.packages.map((each) => [each.name, each]));
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** The value of Allow-Events. */
  get allowEvents(): string {
    return [...this.#packages.keys()].join(', ');
  }

  /** The subscriptions to `packageName` as they are now. */
  subscriptionsTo(packageName: string): readonly NotifierSubscription[] {
    return [...this.#subscriptions.values()].filter(({ event }) => event.type === packageName);
  }

  /** Tells every subscriber of a package that its state has changed. */
  change(packageName: string): void {
    for (const subscription of this.subscriptionsTo(packageName)) subscription.change();
  }

  /** Ends everything, as before a restart (RFC 6665 4.1.3: `deactivated`). */
  close(reason = 'deactivated'): void {
    for (const subscription of [...this.#subscriptions.values()]) subscription.end(reason);
  }

  /** Takes a SUBSCRIBE and answers it; false for any other method. */
  receive(transaction: ServerTransaction<F>): boolean {
    const { request } = transaction;
    if (request.method !== 'SUBSCRIBE') return false;
    try {
      const id = dialogIdOf(request, 'received');
      if (request.headers.count('Event') !== 1) throw new HeaderMissing('Event', request.headers.count('Event'));
      const event = parseEvent(request.headers.first('Event') ?? '');
      if (id.localTag === '') this.#start(transaction, event);
      else this.#renew(transaction, keyOf(dialogKey(id), event));
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#refuse(transaction, error.statusCode);
    }
    return true;
  }

  #start(transaction: ServerTransaction<F>, event: Event): void {
    const { request } = transaction;
    const eventPackage = this.#packages.get(event.type);
    if (eventPackage === undefined) {
      this.#refuse(transaction, 489, { headers: [['Allow-Events', this.allowEvents]] });
      return;
    }
    const seconds = this.#readExpires(transaction, eventPackage);
    if (seconds === undefined) return;
    if (this.#subscriptions.size >= (this.#options.maxSubscriptions ?? 10_000)) {
      this.#refuse(transaction, 503, { headers: retryAfter });
      return;
    }
    const decision = eventPackage.decide(request);
    if (decision.type === 'refuse') this.#refuse(transaction, decision.statusCode, { headers: decision.headers ?? [] });
    else this.#accept(transaction, eventPackage, event, decision.state, seconds);
  }

  #accept(
    transaction: ServerTransaction<F>,
    eventPackage: EventPackage,
    event: Event,
    state: 'active' | 'pending',
    seconds: number,
  ): void {
    const { request } = transaction;
    const { clock, contact, createSender, authorize, createToken } = this.#options;
    const headers = [['Expires', String(seconds)]] as const;
    const response = createDialogResponse(request, 200, { toTag: createToken(), contact, headers });
    const dialog = createUasDialog(request, response);
    const key = keyOf(dialogKey(dialog.id), event);
    const subscription = new NotifierSubscription({
      clock,
      send: createSender(transaction),
      authorize,
      dialog,
      event,
      request,
      contact,
      state,
      createBody: (each) => eventPackage.createBody(each),
      notifyDelayMs: (sinceLastMs) => eventPackage.notifyDelayMs?.(sinceLastMs) ?? 0,
      onEnd: (each, reason) => {
        this.#subscriptions.delete(key);
        eventPackage.onEnd?.(each, reason);
      },
    });
    this.#subscriptions.set(key, subscription);
    eventPackage.onStart?.(subscription);
    transaction.respond(response);
    subscription.start(seconds);
  }

  #renew(transaction: ServerTransaction<F>, key: string): void {
    const subscription = this.#subscriptions.get(key);
    const eventPackage = subscription && this.#packages.get(subscription.event.type);
    if (subscription === undefined || eventPackage === undefined) {
      this.#refuse(transaction, 481);
      return;
    }
    // Before the dialog takes the Contact: who may not renew does not move the NOTIFYs either.
    const decision = eventPackage.decide(transaction.request);
    if (decision.type === 'refuse') {
      this.#refuse(transaction, decision.statusCode, { headers: decision.headers ?? [] });
      return;
    }
    subscription.dialog.receiveRequest(transaction.request);
    const seconds = this.#readExpires(transaction, eventPackage);
    if (seconds === undefined) return;
    const headers = [
      ['Contact', this.#options.contact],
      ['Expires', String(seconds)],
    ] as const;
    transaction.respond(createResponse(transaction.request, 200, { headers }));
    subscription.start(seconds);
  }

  /** What is granted; undefined where the wish was refused with 423. */
  #readExpires(transaction: ServerTransaction<F>, eventPackage: EventPackage): number | undefined {
    const { minExpiresSeconds, maxExpiresSeconds, defaultExpiresSeconds } = eventPackage;
    const asked = findNumber(transaction.request.headers, 'Expires') ?? defaultExpiresSeconds;
    if (asked > 0 && asked < minExpiresSeconds && asked < hourSeconds) {
      this.#refuse(transaction, 423, { headers: [['Min-Expires', String(minExpiresSeconds)]] });
      return undefined;
    }
    return Math.min(asked, maxExpiresSeconds);
  }

  #refuse(transaction: ServerTransaction<F>, statusCode: number, options: ResponseOptions = {}): void {
    const toTag = this.#options.createToken();
    transaction.respond(createResponse(transaction.request, statusCode, { toTag, ...options }));
  }
}

function keyOf(dialog: string, { type, id }: Event): string {
  return `${dialog}\n${type};${id ?? ''}`;
}

/**
 * The watch over the registrations of one user (TS 24.229 5.2.3): one subscription, however many flows the user has,
 * taken out again where it fails, and left with the last flow.
 *
 * @module
 */
import { decodeReginfo, type Reginfo, ReginfoError, ReginfoView, reginfoContentType } from '@wicgate/reg-event';
import type { Clock, Notification, Subscriber, Subscription, SubscriptionEnd } from '@wicgate/sip';
import { type FlowName, flowKey } from '../registration/flow-name.ts';

export interface SubscribeHooks {
  readonly onNotify: (subscription: Subscription, notification: Notification) => void;
  /** Once; nothing comes after it. */
  readonly onEnd: (end: SubscriptionEnd) => void;
}

export interface RegistrationWatchOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Asks for the registrations; undefined: there are too many subscriptions. */
  readonly subscribe: (hooks: SubscribeHooks) => Subscriber | undefined;
  /** `view` has taken `document`. */
  readonly onDocument: (document: Reginfo, view: ReginfoView) => void;
  /** There is no subscription, and there will be another try. */
  readonly onFailure: (reason: WatchFailure) => void;
  /** The notifier has ended it, with this reason, as it does where a registration has ended. */
  readonly onEnded: (reason: string | undefined) => void;
  /** It is left, and may be forgotten. */
  readonly onLeft: () => void;
}

export type WatchFailure =
  | Exclude<SubscriptionEnd['type'], 'notified'>
  | 'too many subscriptions'
  | 'unreadable document';

/** A page that is loaded anew is back by then; and whoever deregisters is told of the end without being asked. */
const lingerMs = 2_000;
const firstRetryMs = 1_000;
const lastRetryMs = 300_000;
/** Between two requests for the full state, which a document that cannot be used brings about. */
const refreshIntervalMs = 30_000;

export class RegistrationWatch {
  readonly #options: RegistrationWatchOptions;
  readonly #flows = new Map<string, FlowName>();
  #subscriber: Subscriber | undefined;
  #failures = 0;
  #refreshedAt = -Infinity;
  #stopRetry: (() => void) | undefined;
  #stopLingering: (() => void) | undefined;

  constructor(options: RegistrationWatchOptions) {
    this.#options = options;
  }

  /** The flows that it is for. */
  get flows(): readonly FlowName[] {
    return [...this.#flows.values()];
  }

  /** One more flow has registered, or one again. */
  add(name: FlowName): void {
    this.#flows.set(flowKey(name), name);
    this.#stopLingering?.();
    this.#stopLingering = undefined;
    if (this.#subscriber === undefined && this.#stopRetry === undefined) this.#subscribe();
  }

  /** A flow is gone; with the last one the subscription is left. */
  remove(key: string): void {
    this.#flows.delete(key);
    if (this.#flows.size > 0 || this.#stopLingering !== undefined) return;
    this.#stopLingering = this.#options.clock.after(lingerMs, () => this.#leave());
  }

  /** Ends it without a word. */
  stop(): void {
    this.#flows.clear();
    this.#stopRetry?.();
    this.#stopLingering?.();
    const subscriber = this.#subscriber;
    this.#subscriber = undefined;
    subscriber?.close();
  }

  #leave(): void {
    this.#stopRetry?.();
    this.#subscriber?.unsubscribe();
    this.#subscriber = undefined;
    this.#options.onLeft();
  }

  #subscribe(): void {
    const view = new ReginfoView();
    const subscriber = this.#options.subscribe({
      onNotify: (subscription, notification) => this.#onNotify(subscription, notification, view),
      onEnd: (end) => this.#onEnd(subscriber, end),
    });
    this.#subscriber = subscriber;
    if (subscriber === undefined) this.#fail('too many subscriptions');
  }

  #onNotify(subscription: Subscription, { contentType, body, state }: Notification, view: ReginfoView): void {
    // Whoever ends it each time at once is not asked more often for that.
    if (state.state !== 'terminated') this.#failures = 0;
    if (body.length === 0) return;
    const document = readDocument(contentType, body);
    if (document === undefined) {
      this.#options.onFailure('unreadable document');
      this.#demandFull(subscription, state.state);
      return;
    }
    const outcome = view.apply(document);
    if (outcome === 'outdated') return;
    this.#options.onDocument(document, view);
    if (outcome === 'gap') this.#demandFull(subscription, state.state);
  }

  #demandFull(subscription: Subscription, state: string): void {
    const now = this.#options.clock.now();
    if (state === 'terminated' || now - this.#refreshedAt < refreshIntervalMs) return;
    this.#refreshedAt = now;
    subscription.refresh();
  }

  /** What ends after it was left concerns nobody. */
  #onEnd(subscriber: Subscriber | undefined, end: SubscriptionEnd): void {
    if (subscriber === undefined || this.#subscriber !== subscriber) return;
    this.#subscriber = undefined;
    if (this.#flows.size === 0) return;
    if (end.type !== 'notified') {
      this.#fail(end.type);
      return;
    }
    this.#options.onEnded(end.reason);
    // There is nothing to be told of until a flow registers again (RFC 6665 4.1.3), or the last one is gone.
    if (end.again !== 'never') this.#tryLater(end.afterSeconds);
  }

  #fail(reason: WatchFailure): void {
    this.#options.onFailure(reason);
    this.#tryLater(undefined);
  }

  /** The flows stay; the next try comes later each time. */
  #tryLater(afterSeconds: number | undefined): void {
    const { clock, random } = this.#options;
    const backOffMs = Math.min(firstRetryMs * 2 ** Math.min(this.#failures, 16), lastRetryMs);
    this.#failures += 1;
    const leastMs = Math.min((afterSeconds ?? 0) * 1_000, lastRetryMs);
    this.#stopRetry = clock.after(Math.max(backOffMs * (1 + 0.2 * random()), leastMs), () => {
      this.#stopRetry = undefined;
      if (this.#flows.size > 0) this.#subscribe();
    });
  }
}

/** Undefined where it is no document of the package. */
function readDocument(contentType: string | undefined, body: Uint8Array): Reginfo | undefined {
  if ((contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() !== reginfoContentType) return undefined;
  try {
    return decodeReginfo(body);
  } catch (error) {
    if (error instanceof ReginfoError) return undefined;
    throw error;
  }
}

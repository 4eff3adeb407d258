/**
 * One subscription at the subscriber: one dialog, one notifier (RFC 6665 4.1).
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import { SipError } from '../errors.ts';
import { type Event, formatEvent } from '../headers/event.ts';
import { formatExpires } from '../headers/expires.ts';
import { findNumber } from '../headers/number-header.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import { type Actions, Machine, type MachineStart } from '../transactions/machine.ts';
import { T1, T4 } from '../transactions/timers.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import { raisedExpires } from '../usages/raised-expires.ts';
import { refreshAfterMs } from '../usages/refresh-after.ts';
import type { Authorize } from '../usages/send-authorized.ts';
import { sendInDialog } from '../usages/send-in-dialog.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { TimerGroup } from '../usages/timer-group.ts';
import { endsSubscription } from './ends-subscription.ts';
import type { Notification } from './notification.ts';
import { notifiedEnd, type SubscriptionEnd } from './subscription-end.ts';
import {
  type SubscriptionAction,
  type SubscriptionEvent,
  type SubscriptionStage,
  subscriptionTable,
} from './subscription-table.ts';

/** What all forks of one SUBSCRIBE have in common. */
export interface SubscriptionOptions {
  readonly clock: Clock;
  readonly send: SendRequest;
  readonly authorize: Authorize | undefined;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly event: Event;
  /** Value of Contact. */
  readonly contact: string;
  /** What is asked for with each refresh. */
  readonly expiresSeconds: number;
  /** Whether it is renewed before it ends; an implicit one usually is not. */
  readonly refreshes: boolean;
  /** Further header fields of each SUBSCRIBE, such as Accept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly onNotify: (subscription: Subscription, notification: Notification) => void;
  /** Once; nothing comes after it. */
  readonly onEnd: (subscription: Subscription, end: SubscriptionEnd) => void;
}

interface Payload {
  readonly notification?: Notification;
  readonly end?: SubscriptionEnd;
}

/** Below this a refresh that failed is not tried again. */
const leastRetryMs = 5_000;

/** Renews itself until it is left, refused or over; the timers end with it. */
export class Subscription {
  static readonly #actions: Actions<SubscriptionAction, Subscription, Payload> = {
    'renew': (self, payload) => self.#renew(payload?.notification),
    'inform': (self, payload) => payload?.notification && self.#options.onNotify(self, payload.notification),
    'subscribe': (self) => self.#subscribe(self.#askedSeconds),
    'unsubscribe': (self) => self.#unsubscribe(),
    'unsubscribe later': (self) => {
      self.#isLeaving = true;
    },
    'end': (self, payload) => self.#end(payload?.end),
  };
  readonly #options: SubscriptionOptions;
  readonly #timers: TimerGroup<'N' | 'refresh' | 'expiry'>;
  readonly #machine: Machine<SubscriptionStage, SubscriptionEvent, SubscriptionAction, Subscription, Payload>;
  #dialog: Dialog | undefined;
  #askedSeconds: number;
  #expiresAtMs: number | undefined;
  #isLeaving = false;
  #raises = 0;

  /** Waits for its first NOTIFY. Made by `Subscriber`. */
  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#askedSeconds = options.expiresSeconds;
    this.#timers = new TimerGroup(options.clock);
    const start: MachineStart<SubscriptionStage, Subscription> = {
      owner: this,
      initial: 'notify_wait',
      clock: options.clock,
    };
    this.#machine = new Machine(subscriptionTable, Subscription.#actions, start);
    this.#startN();
  }

  get stage(): SubscriptionStage {
    return this.#machine.state;
  }

  /** Undefined until the first NOTIFY. */
  get dialog(): Dialog | undefined {
    return this.#dialog;
  }

  /** What is left of it; undefined until the first NOTIFY. */
  get remainingSeconds(): number | undefined {
    if (this.#expiresAtMs === undefined) return undefined;
    return Math.max(0, Math.ceil((this.#expiresAtMs - this.#options.clock.now()) / 1_000));
  }

  /** Asks for more time now, and for the state (RFC 6665 4.1.2.2). Before the first NOTIFY and after the end: nothing. */
  refresh(): void {
    this.#machine.handle('refresh');
  }

  /** Ends it; {@link SubscriptionOptions.onEnd} follows the last NOTIFY (RFC 6665 4.1.2.3). */
  unsubscribe(): void {
    this.#machine.handle('unsubscribe');
  }

  /** Ends it without a word to the notifier, or for what came instead of a NOTIFY. */
  fail(end: SubscriptionEnd): void {
    this.#machine.handle('failure', { end });
  }

  /** Takes a NOTIFY of `dialog`, whose order has been checked and which has been answered. */
  receive(notification: Notification, dialog: Dialog): void {
    this.#dialog = dialog;
    const { state } = notification;
    if (state.state === 'terminated') {
      this.#machine.handle('NOTIFY terminated', { notification, end: notifiedEnd(state) });
    } else {
      // An extension of the states counts as active: something comes.
      this.#machine.handle(state.state === 'pending' ? 'NOTIFY pending' : 'NOTIFY active', { notification });
    }
  }

  /** The 2xx to the first request granted this, which counts unless a NOTIFY says other. */
  grant(seconds: number): void {
    if (this.#expiresAtMs === undefined) this.#askedSeconds = seconds;
    else if (seconds < (this.remainingSeconds ?? 0)) this.#live(seconds);
  }

  #renew(notification: Notification | undefined): void {
    const seconds = notification?.state.expiresSeconds;
    if (this.#isLeaving) {
      if (this.#expiresAtMs === undefined) {
        this.#live(seconds ?? this.#askedSeconds);
        this.#unsubscribe();
      }
      return;
    }
    this.#timers.stop('N');
    if (seconds !== undefined || this.#expiresAtMs === undefined) this.#live(seconds ?? this.#askedSeconds);
  }

  /** From now on it lasts `seconds`. */
  #live(seconds: number): void {
    if (this.stage === 'terminated') return;
    const { clock, random, refreshes } = this.#options;
    this.#expiresAtMs = clock.now() + seconds * 1_000;
    const expired = { end: { type: 'expired' } } as const;
    // The notifier ends it with a NOTIFY, which may still be on its way.
    this.#timers.start('expiry', seconds * 1_000 + T4, () => this.#machine.handle('timer expiry', expired));
    if (!refreshes || this.#isLeaving || seconds === 0) return;
    this.#timers.start('refresh', refreshAfterMs(seconds * 1_000, random), () => this.refresh());
  }

  #unsubscribe(): void {
    this.#isLeaving = true;
    this.#subscribe(0);
  }

  #subscribe(seconds: number): void {
    const dialog = this.#dialog;
    if (dialog === undefined) return;
    const { contact, event, headers } = this.#options;
    this.#timers.stop('refresh');
    this.#startN();
    const fields = [
      ['Contact', contact],
      ['Event', formatEvent(event)],
      ['Expires', formatExpires(seconds)],
    ] as const;
    const options = { headers: [...fields, ...headers] };
    const { send, authorize } = this.#options;
    const sending = { send, authorize, isWanted: () => this.stage !== 'terminated' };
    sendInDialog(dialog, 'SUBSCRIBE', options, sending, (answer) => this.#onAnswer(answer, seconds, dialog));
  }

  #onAnswer(event: ClientEvent, askedSeconds: number, dialog: Dialog): void {
    if (this.stage === 'terminated') return;
    if (event.type !== 'response') {
      this.#retryLater();
      return;
    }
    const { response } = event;
    const { statusCode } = response;
    if (statusCode < 200) return;
    const raised = raisedExpires(response, askedSeconds, this.#raises);
    if (statusCode < 300) this.#onSuccess(response, askedSeconds, dialog);
    else if (raised !== undefined && !this.#isLeaving) {
      this.#raises += 1;
      this.#askedSeconds = raised;
      this.#subscribe(raised);
    } else if (endsSubscription(statusCode)) this.fail({ type: 'refused', response });
    else this.#retryLater();
  }

  #onSuccess(response: SipResponse, askedSeconds: number, dialog: Dialog): void {
    this.#raises = 0;
    try {
      dialog.receiveResponse(response);
      if (askedSeconds > 0) this.#live(findNumber(response.headers, 'Expires') ?? askedSeconds);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#retryLater();
    }
  }

  /** It lasts until its time is over, whatever became of one refresh (RFC 6665 4.1.2.2). */
  #retryLater(): void {
    if (this.#isLeaving) return;
    this.#timers.stop('N');
    const leftMs = (this.#expiresAtMs ?? 0) - this.#options.clock.now();
    if (this.#options.refreshes && leftMs / 2 >= leastRetryMs) {
      this.#timers.start('refresh', leftMs / 2, () => this.refresh());
    }
  }

  #startN(): void {
    const end = { end: { type: 'no notify' } } as const;
    this.#timers.start('N', 64 * T1, () => this.#machine.handle('timer N', end));
  }

  #end(end: SubscriptionEnd | undefined): void {
    this.#timers.stopAll();
    this.#options.onEnd(this, end ?? { type: 'closed' });
  }
}

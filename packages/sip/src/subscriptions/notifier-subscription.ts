/**
 * One subscription at the notifier (RFC 6665 4.2).
 *
 * One NOTIFY is under way at a time, so that none overtakes another; what changes meanwhile goes into the next one.
 *
 * @module
 */
import type { Dialog } from '../dialogs/dialog.ts';
import { SipError } from '../errors.ts';
import { type Event, formatEvent } from '../headers/event.ts';
import { formatSubscriptionState } from '../headers/subscription-state.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import { type Actions, Machine, type MachineStart } from '../transactions/machine.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';
import type { Authorize } from '../usages/send-authorized.ts';
import { sendInDialog } from '../usages/send-in-dialog.ts';
import type { SendRequest } from '../usages/send-request.ts';
import { TimerGroup } from '../usages/timer-group.ts';
import { endsSubscription } from './ends-subscription.ts';
import type { NotifyBody } from './event-package.ts';
import { type NotifierAction, type NotifierEvent, type NotifierStage, notifierTable } from './notifier-table.ts';

/** Who watches what, and how NOTIFYs leave. */
export interface NotifierSubscriptionOptions {
  readonly clock: Clock;
  readonly send: SendRequest;
  readonly authorize: Authorize | undefined;
  readonly dialog: Dialog;
  readonly event: Event;
  /** The SUBSCRIBE or REFER that made it. */
  readonly request: SipRequest;
  /** Value of Contact. */
  readonly contact: string;
  readonly state: 'pending' | 'active';
  readonly createBody: (subscription: NotifierSubscription) => NotifyBody | undefined;
  readonly notifyDelayMs: (sinceLastMs: number) => number;
  /** Once, when it ends; a last NOTIFY may still be under way. */
  readonly onEnd: (subscription: NotifierSubscription, reason: string) => void;
}

interface Ending {
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;
}

/** Tells one subscriber of the state until the time is over, it is ended, or a NOTIFY fails; the timers end with it. */
export class NotifierSubscription {
  static readonly #actions: Actions<NotifierAction, NotifierSubscription, Ending> = {
    'notify': (self) => self.#notify(),
    'notify in time': (self) => self.#notifyInTime(),
    'end': (self, ending) => self.#end(ending ?? { reason: 'timeout', retryAfterSeconds: undefined }),
    'fail': (self) => self.#fail(),
  };
  readonly dialog: Dialog;
  readonly event: Event;
  /** The SUBSCRIBE or REFER that made it. */
  readonly request: SipRequest;
  readonly #options: NotifierSubscriptionOptions;
  readonly #timers: TimerGroup<'expiry' | 'delay'>;
  readonly #machine: Machine<NotifierStage, NotifierEvent, NotifierAction, NotifierSubscription, Ending>;
  #expiresAtMs = 0;
  #lastSentMs: number | undefined;
  /** Whether this subscriber was ever allowed to see the state. */
  #isLetIn: boolean;
  #isUnderWay = false;
  #isDue = false;
  #ending: Ending | undefined;

  /** The 2xx has gone out. Its first NOTIFY leaves with {@link start}. */
  constructor(options: NotifierSubscriptionOptions) {
    this.#options = options;
    this.dialog = options.dialog;
    this.event = options.event;
    this.request = options.request;
    this.#isLetIn = options.state === 'active';
    this.#timers = new TimerGroup(options.clock);
    const start: MachineStart<NotifierStage, NotifierSubscription> = {
      owner: this,
      initial: options.state,
      clock: options.clock,
    };
    this.#machine = new Machine(notifierTable, NotifierSubscription.#actions, start);
  }

  get stage(): NotifierStage {
    return this.#machine.state;
  }

  get remainingSeconds(): number {
    return Math.max(0, Math.ceil((this.#expiresAtMs - this.#options.clock.now()) / 1_000));
  }

  /** A SUBSCRIBE was answered: it lasts `seconds` from now, and a NOTIFY leaves at once. 0 ends it (RFC 6665 4.2.1.4). */
  start(seconds: number): void {
    if (seconds === 0) {
      this.end('timeout');
      return;
    }
    if (this.stage === 'terminated') return;
    this.#expiresAtMs = this.#options.clock.now() + seconds * 1_000;
    this.#timers.start('expiry', seconds * 1_000, () => this.#machine.handle('timer expiry'));
    this.#machine.handle('SUBSCRIBE');
  }

  /** A pending subscriber is let in. */
  activate(): void {
    if (this.stage === 'pending') this.#isLetIn = true;
    this.#machine.handle('activate');
  }

  /** The state has changed: a NOTIFY leaves as soon as the package lets it. Nothing while pending. */
  change(): void {
    this.#machine.handle('change');
  }

  /**
   * Ends it with a last NOTIFY; `reason` is a token such as `noresource` (RFC 6665 4.1.3).
   *
   * @throws {TypeError} no token, or no whole number of seconds. Nothing has changed then.
   */
  end(reason: string, retryAfterSeconds?: number): void {
    formatEnding({ reason, retryAfterSeconds });
    this.#machine.handle('end', { reason, retryAfterSeconds });
  }

  /** Forgets it without a word: the flow to the subscriber is gone. */
  fail(): void {
    this.#machine.handle('failure');
  }

  #notify(): void {
    this.#timers.stop('delay');
    this.#isDue = true;
    if (!this.#isUnderWay) this.#send();
  }

  #notifyInTime(): void {
    if (this.#timers.isRunning('delay')) return;
    const sinceLastMs = this.#options.clock.now() - (this.#lastSentMs ?? Number.NEGATIVE_INFINITY);
    const delayMs = this.#options.notifyDelayMs(sinceLastMs);
    if (delayMs <= 0) this.#notify();
    else this.#timers.start('delay', delayMs, () => this.#notify());
  }

  #end(ending: Ending): void {
    this.#timers.stopAll();
    this.#ending = ending;
    this.#notify();
    this.#options.onEnd(this, ending.reason);
  }

  #fail(): void {
    this.#timers.stopAll();
    this.#isDue = false;
    this.#options.onEnd(this, 'failed');
  }

  #send(): void {
    this.#isDue = false;
    this.#isUnderWay = true;
    this.#lastSentMs = this.#options.clock.now();
    const maySee = this.#isLetIn && this.#ending?.reason !== 'rejected';
    const body = maySee ? this.#options.createBody(this) : undefined;
    const fields: (readonly [string, string])[] = [
      ['Contact', this.#options.contact],
      ['Event', formatEvent(this.event)],
      ['Subscription-State', this.#formatState()],
    ];
    if (body !== undefined) fields.push(['Content-Type', body.contentType]);
    const options = body === undefined ? { headers: fields } : { headers: fields, body: body.body };
    const { send, authorize } = this.#options;
    // After a failure there is nobody to tell; the last NOTIFY of one that was ended still wants to arrive.
    const isWanted = (): boolean => this.stage !== 'terminated' || this.#ending !== undefined;
    sendInDialog(this.dialog, 'NOTIFY', options, { send, authorize, isWanted }, (event) => this.#onAnswer(event));
  }

  #formatState(): string {
    if (this.#ending !== undefined) return formatEnding(this.#ending);
    const state = { state: this.stage, reason: undefined, retryAfterSeconds: undefined, params: noParams };
    return formatSubscriptionState({ ...state, expiresSeconds: this.remainingSeconds });
  }

  #onAnswer(event: ClientEvent): void {
    if (event.type === 'response' && event.response.statusCode < 200) return;
    this.#isUnderWay = false;
    if (event.type !== 'response' || endsSubscription(event.response.statusCode)) {
      // Where it has ended already, its last NOTIFY has nobody to go to.
      this.#isDue = false;
      this.fail();
      return;
    }
    this.#receiveResponse(event.response);
    if (this.#isDue) this.#send();
  }

  #receiveResponse(response: SipResponse): void {
    try {
      this.dialog.receiveResponse(response);
    } catch (error) {
      // A Contact that cannot be read leaves the remote target where it was.
      if (!(error instanceof SipError)) throw error;
    }
  }
}

const noParams: ReadonlyMap<string, string> = new Map();

function formatEnding(ending: Ending): string {
  return formatSubscriptionState({ state: 'terminated', expiresSeconds: undefined, ...ending, params: noParams });
}

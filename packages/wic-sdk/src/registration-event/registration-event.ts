/**
 * The subscription to the state of our own registration (TS 24.229 5.1.1.3, RFC 3680, RFC 6665): how the network asks a
 * registered user to authenticate anew (TS 33.203 6.1.4, N.2.4), and says that it has ended a registration.
 *
 * A registration stands without it: whatever goes wrong here is tried again later, or left.
 *
 * @module
 */
import {
  type ClientEvent,
  createSubscribe,
  type Event,
  type Notification,
  type ServerTransaction,
  type SipRequest,
  Subscriber,
  type Subscription,
  type SubscriptionEnd,
} from '@wicgate/sip';
import type { Line } from '../flow/line.ts';
import type { WebSocketFlow } from '../flow/web-socket-flow.ts';
import { createToken, type Platform, randomFraction } from '../platform.ts';
import type { Registered } from '../registration/register-outcome.ts';
import type { RequestAuthentication } from '../request-authentication/request-authentication.ts';
import { type ContactNews, type OwnContact, OwnRegistration, type ReginfoReader } from './own-registration.ts';
import { subscribeAgainMs } from './subscribe-again.ts';

export interface RegistrationEventOptions {
  readonly platform: Platform;
  readonly line: Line;
  readonly own: OwnContact;
  /** Undefined where the user is not registered by SIP Digest. */
  readonly requestAuthentication: RequestAuthentication | undefined;
  readonly onNews: (news: ContactNews) => void;
}

const event: Event = { type: 'reg', id: undefined, params: new Map() };
/** TS 24.229 5.1.1.3. */
const wantedSeconds = 600_000;
/** A subscription that ended sooner has failed. */
const undisputedMs = 60_000;

export class RegistrationEvent {
  readonly #options: RegistrationEventOptions;
  #registered: Registered | undefined;
  #subscriber: Subscriber | undefined;
  #sinceMs = 0;
  #failures = 0;
  #stopTimer: (() => void) | undefined;
  /** What runs for an older one is of no interest any more. */
  #epoch = 0;

  constructor(options: RegistrationEventOptions) {
    this.#options = options;
  }

  /** A registration holds. On a new connection, that is a new subscription. */
  follow(registered: Registered, isNewFlow: boolean): void {
    if (isNewFlow) this.leave();
    this.#registered = registered;
    if (isNewFlow) this.#subscribe();
  }

  /** The registration is gone, and the subscription with it: nothing is left to be said (TS 24.229 5.1.1.6). */
  leave(): void {
    this.#newEpoch();
    this.#registered = undefined;
    this.#failures = 0;
    const subscriber = this.#subscriber;
    this.#subscriber = undefined;
    subscriber?.close();
  }

  /** Takes a NOTIFY and answers it; false where it is for somebody else. */
  receive(transaction: ServerTransaction<WebSocketFlow>): boolean {
    return this.#subscriber?.receive(transaction) ?? false;
  }

  #subscribe(): void {
    const epoch = this.#newEpoch();
    this.#sinceMs = this.#options.platform.clock.now();
    this.#options.platform.importReginfo().then(
      (reader) => epoch === this.#epoch && this.#start(reader, epoch),
      () => epoch === this.#epoch && this.#onEnd({ type: 'no notify' }),
    );
  }

  #start(reader: ReginfoReader, epoch: number): void {
    const { platform, own, requestAuthentication } = this.#options;
    if (this.#registered === undefined) return;
    const { impu, serviceRoute } = this.#registered;
    const documents = new OwnRegistration(reader, own);
    const contact = `<${own.uri}>;+sip.instance="<${own.instanceId}>"`;
    const accept = reader.reginfoContentType;
    const request = createSubscribe({
      target: impu,
      from: impu,
      fromTag: createToken(platform),
      callId: createToken(platform),
      contact,
      event,
      expiresSeconds: wantedSeconds,
      accept: [accept],
      headers: serviceRoute.map((route) => ['Route', route]),
    });
    this.#subscriber = new Subscriber({
      request: requestAuthentication?.authorize(request) ?? request,
      clock: platform.clock,
      send: (toSend, inform) => this.#send(toSend, inform),
      authorize: (sent, response) => requestAuthentication?.answer(sent, response),
      random: () => randomFraction(platform),
      event,
      contact,
      expiresSeconds: wantedSeconds,
      headers: [['Accept', accept]],
      forks: 'first',
      onNotify: (subscription, notification) => {
        if (epoch === this.#epoch) this.#onNotify(documents, subscription, notification);
      },
      onEnd: (_subscription, end) => {
        if (epoch === this.#epoch) this.#onEnd(end);
      },
    });
  }

  #send(request: SipRequest, inform: (event: ClientEvent) => void): void {
    const { line, requestAuthentication } = this.#options;
    line.request(request, (event) => {
      if (event.type === 'response') requestAuthentication?.confirm(request, event.response);
      inform(event);
    });
  }

  #onNotify(documents: OwnRegistration, subscription: Subscription, notification: Notification): void {
    const { news, isRefreshDue } = documents.read(notification);
    if (isRefreshDue) subscription.refresh();
    if (news !== undefined) this.#options.onNews(news);
  }

  #onEnd(end: SubscriptionEnd): void {
    const { platform } = this.#options;
    const subscriber = this.#subscriber;
    this.#newEpoch();
    this.#subscriber = undefined;
    subscriber?.close();
    const hasLasted = platform.clock.now() - this.#sinceMs >= undisputedMs;
    this.#failures = hasLasted ? 0 : this.#failures + 1;
    const course = { failures: this.#failures, random: randomFraction(platform) };
    const afterMs = subscribeAgainMs(end, course);
    if (afterMs !== undefined) this.#stopTimer = platform.clock.after(afterMs, () => this.#subscribe());
  }

  #newEpoch(): number {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#epoch += 1;
    return this.#epoch;
  }
}

/**
 * Alice, who subscribes, and Bob, who notifies, of a presence that is one word.
 *
 * @module
 */
import { decodeUtf8, encodeUtf8 } from '../../grammar/utf8.ts';
import type { VirtualClock } from '../../testing/virtual-clock.ts';
import type { Authorize } from '../../usages/send-authorized.ts';
import { ElementPair } from '../../usages/testing/element-pair.ts';
import { createSubscribe, type SubscribeFields } from '../create-subscribe.ts';
import type { EventPackage, SubscribeDecision } from '../event-package.ts';
import { Notifier } from '../notifier.ts';
import { Subscriber, type SubscriberOptions } from '../subscriber.ts';
import type { SubscriptionEnd } from '../subscription-end.ts';

const event = { type: 'presence', id: undefined, params: new Map() };
const contact = '<sip:alice@alice.example>';

export class PresenceLab {
  readonly pair: ElementPair;
  /** Of the presence. */
  state = 'open';
  decision: SubscribeDecision = { type: 'accept', state: 'active' };
  notifier: Notifier;
  /** State of the subscription and body of each NOTIFY, as Alice saw them. */
  readonly seen: string[] = [];
  readonly ends: SubscriptionEnd[] = [];
  readonly notifierEnds: string[] = [];

  constructor(transport = 'TCP') {
    this.pair = new ElementPair(transport);
    this.notifier = this.createNotifier();
    this.pair.bob.receive = (transaction) => this.notifier.receive(transaction);
  }

  get clock(): VirtualClock {
    return this.pair.clock;
  }

  createNotifier(change: Partial<EventPackage> = {}, maxSubscriptions = 10, authorize?: Authorize): Notifier {
    const { clock, bob } = this.pair;
    const presence: EventPackage = {
      name: 'presence',
      minExpiresSeconds: 60,
      maxExpiresSeconds: 7_200,
      defaultExpiresSeconds: 3_600,
      decide: () => this.decision,
      createBody: () => ({ contentType: 'text/plain', body: encodeUtf8(this.state) }),
      onEnd: (_, reason) => this.notifierEnds.push(reason),
      ...change,
    };
    return new Notifier({
      clock,
      createToken: bob.createToken,
      packages: [presence],
      contact: '<sip:bob@bob.example>',
      createSender: () => bob.send,
      maxSubscriptions,
      ...(authorize === undefined ? {} : { authorize }),
    });
  }

  fields(expiresSeconds = 3_600): SubscribeFields {
    return {
      target: 'sip:bob@bob.example',
      from: 'sip:alice@alice.example',
      fromTag: 'a',
      callId: 'call',
      contact,
      event,
      expiresSeconds,
      accept: ['text/plain'],
    };
  }

  subscribe(expiresSeconds = 3_600, change: Partial<SubscriberOptions> = {}): Subscriber {
    const { clock, alice } = this.pair;
    const subscriber = new Subscriber({
      clock,
      send: alice.send,
      request: createSubscribe(this.fields(expiresSeconds)),
      event,
      contact,
      expiresSeconds,
      onNotify: (_, notification) => this.seen.push(`${notification.state.state} ${decodeUtf8(notification.body)}`),
      onEnd: (_, end) => this.ends.push(end),
      ...change,
    });
    alice.receive = (transaction) => subscriber.receive(transaction);
    return subscriber;
  }
}

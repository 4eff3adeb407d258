/**
 * The event package `reg` of the core behind the gateway (RFC 3680, TS 24.229 5.4.2.1), in memory.
 *
 * Who subscribes is told at once which contacts the identity has, and afterwards what a test says.
 *
 * @module
 */
import {
  encodeReginfo,
  type Reginfo,
  type ReginfoContact,
  type ReginfoRegistration,
  reginfoContentType,
} from '@wicgate/reg-event';
import {
  canonicalImpu,
  encodeUtf8,
  type Flow,
  Notifier,
  type NotifierSubscription,
  type NotifyBody,
  parseNameAddr,
  type ServerTransaction,
  type SubscribeDecision,
  type TransactionLayer,
} from '@wicgate/sip';
import type { VirtualClock } from './virtual-clock.ts';

export interface InMemoryRegistrationEventOptions<F extends Flow> {
  readonly clock: VirtualClock;
  readonly createToken: () => string;
  readonly layer: TransactionLayer<F>;
  /** Values of Contact that are registered for an identity. */
  readonly contactsOf: (impu: string) => readonly string[];
}

interface Watch<F extends Flow> {
  readonly impu: string;
  readonly flow: F;
  version: number;
  /** What the next NOTIFY says; undefined: the full state. */
  next: Partial<Reginfo> | string | undefined;
}

export class InMemoryRegistrationEvent<F extends Flow> {
  /** What a SUBSCRIBE is answered with; accepted unless told. */
  decision: SubscribeDecision = { type: 'accept', state: 'active' };
  /** How long a subscription lasts at most. */
  grantedSeconds = 604_800;
  /** Every document is broken. */
  broken = false;
  /** The URI that the core has in place of what a contact says of itself. */
  rewrittenUri: string | undefined;
  readonly #options: InMemoryRegistrationEventOptions<F>;
  readonly #notifier: Notifier<F>;
  readonly #watches = new Map<NotifierSubscription, Watch<F>>();
  /** Of the SUBSCRIBE that is being taken. */
  #flow: F | undefined;

  constructor(options: InMemoryRegistrationEventOptions<F>) {
    this.#options = options;
    const { clock, createToken, layer } = options;
    const granted = (): number => this.grantedSeconds;
    this.#notifier = new Notifier<F>({
      clock,
      createToken,
      packages: [
        {
          name: 'reg',
          minExpiresSeconds: 60,
          get maxExpiresSeconds() {
            return granted();
          },
          defaultExpiresSeconds: 3_761,
          decide: () => this.decision,
          onStart: (subscription) => this.#onStart(subscription),
          createBody: (subscription) => this.#createBody(subscription),
        },
      ],
      contact: '<sip:reg@scscf.ims.example>',
      createSender: (transaction) => (request, inform) => void layer.request(request, transaction.flow, inform),
    });
  }

  /** Those that stand, of an identity. */
  subscriptionsOf(impu: string): readonly NotifierSubscription[] {
    const live = [...this.#watches].filter(([{ stage }]) => stage !== 'terminated');
    return live.filter(([, watch]) => watch.impu === impu).map(([subscription]) => subscription);
  }

  receive(transaction: ServerTransaction<F>): boolean {
    this.#flow = transaction.flow;
    return this.#notifier.receive(transaction);
  }

  flowClosed(flow: F): void {
    for (const [subscription, watch] of this.#watches) {
      if (watch.flow !== flow) continue;
      this.#watches.delete(subscription);
      subscription.fail();
    }
  }

  /** The newest contact of an identity, with `changes`. */
  contactOf(impu: string, changes: Partial<ReginfoContact> = {}): ReginfoContact {
    const newest = this.#describe(impu).at(-1);
    if (newest === undefined) throw new TypeError('expected a contact');
    return { ...newest, ...changes };
  }

  /** An identity with contacts; terminated where none of them is active. */
  registrationOf(impu: string, ...contacts: readonly ReginfoContact[]): ReginfoRegistration {
    const isActive = contacts.some(({ state }) => state === 'active');
    return { aor: impu, id: impu, state: isActive ? 'active' : 'terminated', contacts };
  }

  /** A NOTIFY with that: text as it stands, or a document, partial and the next in order unless it says other. */
  tell(impu: string, next: Partial<Reginfo> | string): void {
    for (const subscription of this.subscriptionsOf(impu)) {
      this.#expect(subscription, next);
      subscription.change();
    }
  }

  /** The contact of an identity is in that state now. */
  tellOfContact(impu: string, changes: Partial<ReginfoContact>): void {
    this.tell(impu, { registrations: [this.registrationOf(impu, this.contactOf(impu, changes))] });
  }

  /** A last NOTIFY with that. */
  end(impu: string, reason: string, next?: Partial<Reginfo>): void {
    for (const subscription of this.subscriptionsOf(impu)) {
      this.#expect(subscription, next);
      subscription.end(reason);
    }
  }

  #describe(impu: string): readonly ReginfoContact[] {
    const described = this.#options.contactsOf(impu).map(describeContact);
    return described.map((contact) => ({ ...contact, uri: this.rewrittenUri ?? contact.uri }));
  }

  #expect(subscription: NotifierSubscription, next: Partial<Reginfo> | string | undefined): void {
    const watch = this.#watches.get(subscription);
    if (watch !== undefined) watch.next = next;
  }

  #onStart(subscription: NotifierSubscription): void {
    const impu = canonicalImpu(subscription.request.requestUri);
    if (this.#flow === undefined) throw new TypeError('expected a SUBSCRIBE');
    this.#watches.set(subscription, { impu, flow: this.#flow, version: 0, next: undefined });
  }

  #createBody(subscription: NotifierSubscription): NotifyBody | undefined {
    const watch = this.#watches.get(subscription);
    if (watch === undefined) return undefined;
    const { impu, version, next } = watch;
    watch.next = undefined;
    if (this.broken) return { contentType: reginfoContentType, body: encodeUtf8('broken') };
    if (typeof next === 'string') return { contentType: reginfoContentType, body: encodeUtf8(next) };
    const contacts = this.#describe(impu);
    const full: Reginfo = { version, state: 'full', registrations: [this.registrationOf(impu, ...contacts)] };
    const document = next === undefined ? full : { ...full, state: 'partial' as const, ...next };
    watch.version = document.version + 1;
    return { contentType: reginfoContentType, body: encodeReginfo(document) };
  }
}

function describeContact(value: string): ReginfoContact {
  const { uri, params } = parseNameAddr(value, 'Contact');
  return {
    id: uri,
    uri,
    state: 'active',
    event: 'registered',
    unknownParams: params,
    expiresSeconds: undefined,
    retryAfterSeconds: undefined,
    durationRegisteredSeconds: undefined,
    q: undefined,
    callId: undefined,
    cseq: undefined,
    displayName: undefined,
    pubGruu: undefined,
    tempGruu: undefined,
  };
}

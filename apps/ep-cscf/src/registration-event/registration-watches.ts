/**
 * The eP-CSCF as a watcher of the registrations of its users (TS 24.229 5.2.3, RFC 3680).
 *
 * One subscription for each user and set of implicitly registered identities: that of the default identity tells of the
 * whole set. A user of one set, as all of the usual ones, has one subscription, however many flows there are.
 *
 * @module
 */
import {
  type Capabilities,
  type Clock,
  canonicalImpu,
  inspectRequest,
  parseUri,
  type SendRequest,
  type ServerTransaction,
  type SipRequest,
  Subscriber,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { RequestRefused, RequestUnfit } from '../errors.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import { type FlowName, flowKey } from '../registration/flow-name.ts';
import type { RegisteredFlow, Registration } from '../registration/registered-flows.ts';
import { createRegistrationSubscribe, subscriberUser } from './create-registration-subscribe.ts';
import { type FollowDocumentContext, followDocument } from './follow-document.ts';
import { RegistrationWatch, type SubscribeHooks, type WatchFailure } from './registration-watch.ts';

export interface RegistrationWatchesOptions extends FollowDocumentContext {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly createToken: () => string;
  readonly send: SendRequest;
  /** `host:port` of ours on Mw. */
  readonly address: () => string;
  readonly routes: Pick<OwnRoutes, 'isOwn'>;
  readonly maxSubscriptions: number;
  /** A document was carried out. */
  readonly onTold: (impi: string) => void;
  readonly onFailure: (impi: string, reason: WatchFailure) => void;
  /** The core has ended a subscription, with this reason. */
  readonly onEnded: (impi: string, reason: string | undefined) => void;
}

const capabilities: Capabilities = {
  methods: ['NOTIFY'],
  schemes: ['sip', 'sips'],
  extensions: [],
  contentTypes: ['*/*'],
  contentEncodings: [],
};
/** What a registrar grants (TS 24.229 5.4.2.1.1). */
const expires = { least: 60, most: 604_800 };
/** Above the registration's (TS 24.229 5.2.3). */
const marginSeconds = 600;

export class RegistrationWatches {
  readonly #options: RegistrationWatchesOptions;
  /** By user and default identity. */
  readonly #watches = new Map<string, RegistrationWatch>();
  /** Of each flow, the watches that it is in. */
  readonly #keysOfFlow = new Map<string, ReadonlySet<string>>();
  /** By Call-ID; those that are being left among them. */
  readonly #subscribers = new Map<string, Subscriber>();

  constructor(options: RegistrationWatchesOptions) {
    this.#options = options;
  }

  /** How many subscriptions there are. */
  get size(): number {
    return this.#subscribers.size;
  }

  /** A flow has registered, or registered again. An emergency registration nobody ends, so nobody watches it. */
  registered({ name, registrations }: RegisteredFlow): void {
    if (name.isEmergency === true) return;
    const flow = flowKey(name);
    const byKey = new Map(registrations.map((registration) => [keyOf(name.impi, registration), registration]));
    for (const key of this.#keysOfFlow.get(flow) ?? []) if (!byKey.has(key)) this.#watches.get(key)?.remove(flow);
    this.#keysOfFlow.set(flow, new Set(byKey.keys()));
    for (const [key, registration] of byKey) this.#watchOf(key, name, registration).add(name);
  }

  ended({ name }: RegisteredFlow): void {
    const flow = flowKey(name);
    const keys = this.#keysOfFlow.get(flow);
    this.#keysOfFlow.delete(flow);
    for (const key of keys ?? []) this.#watches.get(key)?.remove(flow);
  }

  /** Whether a request of the core is for us, and not for a WIC. */
  isFor({ method, requestUri }: SipRequest): boolean {
    if (method !== 'NOTIFY') return false;
    const uri = parseUri(requestUri, 'Request-URI');
    return uri.scheme !== 'tel' && uri.user === subscriberUser && this.#options.routes.isOwn(uri);
  }

  /**
   * Answers a NOTIFY for us.
   *
   * @throws {RequestRefused} 481: nobody has subscribed (RFC 6665 4.1.3). @throws {RequestUnfit} @throws {SipError}
   */
  receive(transaction: ServerTransaction<NodeFlow>): void {
    const { request } = transaction;
    const refusal = inspectRequest(request, capabilities);
    if (refusal !== undefined) throw new RequestUnfit(refusal);
    const subscriber = this.#subscribers.get(request.headers.first('Call-ID') ?? '');
    if (subscriber?.receive(transaction) !== true) throw new RequestRefused('no such dialog');
  }

  /** Forgets everything without a word to the core. */
  stop(): void {
    for (const watch of [...this.#watches.values()]) watch.stop();
    for (const subscriber of [...this.#subscribers.values()]) subscriber.close();
    this.#watches.clear();
    this.#keysOfFlow.clear();
    this.#subscribers.clear();
  }

  #watchOf(key: string, { impi }: FlowName, registration: Registration): RegistrationWatch {
    const known = this.#watches.get(key);
    if (known !== undefined) return known;
    const { clock, random, onTold, onFailure, onEnded } = this.#options;
    const isAbout = (each: Registration): boolean => keyOf(impi, each) === key;
    const watch: RegistrationWatch = new RegistrationWatch({
      clock,
      random,
      subscribe: (hooks) => this.#subscribe(registration, hooks),
      onDocument: (document, view) => {
        followDocument(document, view, { flows: watch.flows, isAbout }, this.#options);
        onTold(impi);
      },
      onFailure: (reason) => onFailure(impi, reason),
      onEnded: (reason) => onEnded(impi, reason),
      onLeft: () => this.#watches.delete(key),
    });
    this.#watches.set(key, watch);
    return watch;
  }

  #subscribe({ impus, expiresSeconds }: Registration, hooks: SubscribeHooks): Subscriber | undefined {
    const { clock, random, createToken, send, address, maxSubscriptions } = this.#options;
    if (this.#subscribers.size >= maxSubscriptions) return undefined;
    const callId = `${createToken()}${createToken()}`;
    const subscribe = createRegistrationSubscribe({
      impu: impus[0] ?? '',
      address: address(),
      callId,
      fromTag: createToken(),
      expiresSeconds: Math.min(Math.max(expiresSeconds + marginSeconds, expires.least), expires.most),
    });
    const subscriber = new Subscriber({
      ...subscribe,
      clock,
      random,
      send,
      forks: 'first',
      onNotify: hooks.onNotify,
      onEnd: (_subscription, end) => {
        this.#subscribers.delete(callId);
        hooks.onEnd(end);
      },
    });
    this.#subscribers.set(callId, subscriber);
    return subscriber;
  }
}

function keyOf(impi: string, { impus: [impu = ''] }: Registration): string {
  return JSON.stringify([impi, canonicalImpu(impu)]);
}

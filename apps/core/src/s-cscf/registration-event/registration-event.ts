/**
 * The event package `reg` at the S-CSCF: who asks for the state of a user's registrations gets it, and every change of
 * it (TS 24.229 5.4.2.1, RFC 3680, RFC 6665).
 *
 * @module
 */
import { reginfoContentType } from '@wicgate/reg-event';
import {
  canonicalImpu,
  Notifier,
  type NotifierSubscription,
  type NotifyBody,
  parseEvent,
  readNameAddr,
  type SipRequest,
} from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';
import { RequestRefused } from '../../errors.ts';
import { isInDialog } from '../../mw/check-stranger.ts';
import type { Arrived, MwElement } from '../../mw/mw-element.ts';
import type { Binding, GoneEvent, Registration, RegistrationObserver, Registrations } from '../registrations.ts';
import { checkSubscribe } from './check-subscribe.ts';
import { createNotifySender } from './create-notify-sender.ts';
import { fitReginfo } from './fit-reginfo.ts';
import { RegistrationWatch } from './registration-watch.ts';
import { isUserOf, mayWatch, type RegistrationSubscriber, readSubscriber } from './subscriber.ts';
import { Watches } from './watches.ts';

export interface RegistrationEventOptions {
  readonly element: MwElement;
  readonly registrations: Registrations;
  readonly maxSubscriptions: number;
}

/** User part of the Contact of our end. */
const resource = 'reg';
/** As long as a registration may last at most, so that nobody has to renew before; it ends with the registration. */
const maxExpiresSeconds = 604_800;
/** RFC 3680 4.6. */
const defaultExpiresSeconds = 3_761;
const minExpiresSeconds = 60;
/** Of the user, and of P-CSCFs as many: no user keeps those from hearing of the end. */
const maxWatches = 20;
/** RFC 3680 4.10 advises 5 s; who is put out by the network shall know within 1 s. */
const notifyIntervalMs = 500;
const retryAfterSeconds = '60';

export class RegistrationEvent implements RegistrationObserver {
  readonly #options: RegistrationEventOptions;
  readonly #watches = new Watches();
  readonly #subscriptions = new Map<RegistrationWatch, NotifierSubscription>();
  /** Kept as long as a last NOTIFY is still to leave. */
  readonly #watchOf = new WeakMap<NotifierSubscription, RegistrationWatch>();
  /** By Call-ID and our tag. */
  readonly #byDialog = new Map<string, RegistrationWatch>();
  readonly #due = new Set<RegistrationWatch>();
  /** Of the SUBSCRIBE that is being taken. */
  #subscriber: RegistrationSubscriber = { impus: [], address: undefined };
  #stopTimer: (() => void) | undefined;
  #notifier: Notifier<NodeFlow> | undefined;

  constructor(options: RegistrationEventOptions) {
    this.#options = options;
    options.registrations.observe(this);
  }

  /** How many subscriptions there are. */
  get size(): number {
    return this.#subscriptions.size;
  }

  /** Whether `arrived` is for this package here: in one of its dialogs, or about a user who is registered here. */
  isFor({ request }: Arrived): boolean {
    if (request.method !== 'SUBSCRIBE' || request.headers.count('Event') !== 1) return false;
    if (parseEvent(request.headers.first('Event') ?? '').type !== 'reg') return false;
    if (isInDialog(request)) return this.#byDialog.has(dialogOf(request));
    return this.#options.registrations.ofImpu(canonicalImpu(request.requestUri)).length > 0;
  }

  /**
   * Answers it.
   *
   * @throws {RequestRefused} 403, 404, 406, 480 or 503. @throws {RequestUnfit} 400 or 420. @throws {HeaderMalformed}
   */
  receive(arrived: Arrived): void {
    const { transaction, request } = arrived;
    checkSubscribe(request);
    this.#subscriber = readSubscriber(arrived);
    const watch = isInDialog(request) ? this.#byDialog.get(dialogOf(request)) : undefined;
    if (watch === undefined) this.#checkNew(canonicalImpu(request.requestUri));
    else this.#checkOld(arrived, watch);
    watch?.demandFull();
    const { flow } = transaction;
    const respond = (response: Parameters<typeof transaction.respond>[0]): void =>
      this.#options.element.answer(transaction, response);
    this.#notifier ??= this.#createNotifier();
    this.#notifier.receive({ request, flow, response: undefined, respond });
  }

  changed(registration: Registration): void {
    for (const impu of registration.impus) {
      for (const watch of this.#watches.about(impu)) {
        const isNew = !watch.registrations.has(registration) && mayWatch(watch.subscriber, registration);
        if (isNew) this.#watches.extend(watch, registration);
      }
    }
    this.#tell(registration, (watch) => watch.noteChanged(registration));
  }

  gone(registration: Registration, binding: Binding, event: GoneEvent): void {
    if (event === 'untold') this.#leave(registration);
    else this.#tell(registration, (watch) => watch.noteGone(registration.impus, binding, event));
  }

  withdrawn(registration: Registration, impus: readonly string[]): void {
    this.#tell(registration, (watch) => {
      for (const binding of registration.bindings.values()) watch.noteGone(impus, binding, 'rejected');
    });
  }

  /** Says nothing more: the network that they watch is gone. */
  stop(): void {
    this.#stopTimer?.();
    for (const subscription of [...this.#subscriptions.values()]) subscription.fail();
  }

  /** TS 24.229 5.4.2.1.1 steps 0 and 1. */
  #checkNew(impu: string): void {
    const found = this.#options.registrations.ofImpu(impu);
    if (!found.some(({ bindings }) => bindings.size > 0)) throw new RequestRefused('USER_NOT_REGISTERED');
    if (!found.some(({ impus }) => impus.includes(impu))) throw new RequestRefused('USER_BARRED');
    const visible = this.#visible(impu);
    if (visible.length === 0) throw new RequestRefused('WATCHING_NOT_ALLOWED');
    if (visible.some((registration) => this.#isWatchedEnough(registration))) {
      throw new RequestRefused('TOO_MANY_SUBSCRIPTIONS', [['Retry-After', retryAfterSeconds]]);
    }
  }

  #isWatchedEnough(registration: Registration): boolean {
    const isUser = isUserOf(this.#subscriber, registration);
    const same = this.#watches
      .of(registration)
      .filter(({ subscriber }) => isUserOf(subscriber, registration) === isUser);
    return same.length >= maxWatches;
  }

  /** In a dialog a trusted peer need not say again who asks; if it does, it is somebody who may. */
  #checkOld({ request, isTrusted }: Arrived, watch: RegistrationWatch): void {
    const isSame = request.headers.has('P-Asserted-Identity')
      ? [...watch.registrations].some((registration) => mayWatch(this.#subscriber, registration))
      : isTrusted;
    if (!isSame) throw new RequestRefused('WATCHING_NOT_ALLOWED');
  }

  #visible(impu: string): readonly Registration[] {
    const found = this.#options.registrations.ofImpu(impu).filter(({ impus }) => impus.includes(impu));
    return found.filter((registration) => mayWatch(this.#subscriber, registration));
  }

  #createNotifier(): Notifier<NodeFlow> {
    const { element, maxSubscriptions } = this.#options;
    const { endpoint, address } = element;
    return new Notifier({
      clock: endpoint.clock,
      createToken: () => endpoint.layer.createToken(),
      packages: [
        {
          name: 'reg',
          minExpiresSeconds,
          maxExpiresSeconds,
          defaultExpiresSeconds,
          // Who may not has been refused before.
          decide: () => ({ type: 'accept', state: 'active' }),
          onStart: (subscription) => this.#start(subscription),
          createBody: (subscription) => this.#createBody(subscription),
          notifyDelayMs: (sinceLastMs) => notifyIntervalMs - sinceLastMs,
          onEnd: (subscription) => this.#end(subscription),
        },
      ],
      contact: `<sip:${resource}@${address};transport=tls>`,
      createSender: () => createNotifySender(element),
      maxSubscriptions,
    });
  }

  #start(subscription: NotifierSubscription): void {
    const impu = canonicalImpu(subscription.request.requestUri);
    const watch = new RegistrationWatch(impu, this.#subscriber, this.#visible(impu));
    this.#subscriptions.set(watch, subscription);
    this.#watchOf.set(subscription, watch);
    this.#byDialog.set(dialogKey(subscription.dialog.id), watch);
    this.#watches.add(watch);
  }

  #end(subscription: NotifierSubscription): void {
    const watch = this.#watchOf.get(subscription);
    if (watch === undefined) return;
    this.#byDialog.delete(dialogKey(subscription.dialog.id));
    this.#subscriptions.delete(watch);
    this.#watches.remove(watch);
    this.#due.delete(watch);
  }

  #createBody(subscription: NotifierSubscription): NotifyBody | undefined {
    const watch = this.#watchOf.get(subscription);
    if (watch === undefined) return undefined;
    const reginfo = watch.createReginfo(this.#options.element.endpoint.clock.now());
    return { contentType: reginfoContentType, body: fitReginfo(reginfo) };
  }

  #tell(registration: Registration, tell: (watch: RegistrationWatch) => void): void {
    for (const watch of this.#watches.of(registration)) {
      tell(watch);
      this.#due.add(watch);
    }
    // What one REGISTER changes is one notification.
    if (this.#due.size === 0) return;
    this.#stopTimer ??= this.#options.element.endpoint.clock.after(0, () => this.#flush());
  }

  #flush(): void {
    this.#stopTimer = undefined;
    const { registrations } = this.#options;
    for (const watch of [...this.#due]) {
      this.#due.delete(watch);
      const subscription = this.#subscriptions.get(watch);
      if (watch.isActive) subscription?.change();
      else subscription?.end('noresource');
      for (const registration of watch.registrations) {
        if (!registrations.has(registration)) this.#watches.reduce(watch, registration);
      }
    }
  }

  /** Another S-CSCF serves the user on, who need not hear of it (TS 29.228 6.1.3.1). */
  #leave(registration: Registration): void {
    for (const watch of this.#watches.of(registration)) {
      this.#watches.reduce(watch, registration);
      if (watch.registrations.size === 0) this.#subscriptions.get(watch)?.fail();
    }
  }
}

function dialogOf({ headers }: SipRequest): string {
  const localTag = readNameAddr(headers, 'To').params.get('tag') ?? '';
  return dialogKey({ callId: headers.first('Call-ID') ?? '', localTag });
}

/** Our tag and the subscriber's Call-ID name it here. */
function dialogKey({ callId, localTag }: { readonly callId: string; readonly localTag: string }): string {
  return `${callId}\n${localTag}`;
}

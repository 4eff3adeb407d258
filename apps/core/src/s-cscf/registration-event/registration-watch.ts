/**
 * What one subscription has been told of a user's registrations, and what it is told next (RFC 3680 5, TS 24.229
 * 5.4.2.1.2).
 *
 * @module
 */
import type { ContactEvent, Reginfo, ReginfoContact, ReginfoRegistration } from '@wicgate/reg-event';
import type { Binding, GoneEvent, Registration } from '../registrations.ts';
import type { RegistrationSubscriber } from './subscriber.ts';

interface Gone {
  readonly binding: Binding;
  readonly event: Exclude<GoneEvent, 'untold'>;
}

/** Of more than that of one identity between two notifications, the first are not named. */
const maxGone = 20;
/** Characters of the parameters of a contact beyond its instance and flow. */
const maxParamCharacters = 512;

export class RegistrationWatch {
  /** Canonical: whom it is about. */
  readonly impu: string;
  readonly subscriber: RegistrationSubscriber;
  /** Those that it may see. */
  readonly registrations: Set<Registration>;
  readonly #changed = new Set<string>();
  readonly #gone = new Map<string, Gone[]>();
  readonly #ids = new Map<string, string>();
  #version = -1;
  #lastId = 0;
  #isFullDue = true;

  constructor(impu: string, subscriber: RegistrationSubscriber, registrations: readonly Registration[]) {
    this.impu = impu;
    this.subscriber = subscriber;
    this.registrations = new Set(registrations);
  }

  /** Whether one of the contacts that it watches is left. */
  get isActive(): boolean {
    return [...this.registrations].some(({ bindings }) => bindings.size > 0);
  }

  /** The next document has everything (RFC 3680 4.7). */
  demandFull(): void {
    this.#isFullDue = true;
  }

  noteChanged({ impus }: Registration): void {
    for (const impu of impus) this.#changed.add(impu);
  }

  noteGone(impus: readonly string[], binding: Binding, event: Gone['event']): void {
    for (const impu of impus) {
      const gone = [...(this.#gone.get(impu) ?? []), { binding, event }];
      // Whoever gets everything misses nothing.
      if (gone.length > maxGone) this.demandFull();
      this.#gone.set(impu, gone.slice(-maxGone));
    }
  }

  /** The next document; `now` is on the scale of the bindings. */
  createReginfo(now: number): Reginfo {
    const present = [...this.registrations].flatMap(({ impus }) => impus);
    const known = this.#isFullDue ? present : [...this.#changed].filter((impu) => present.includes(impu));
    const impus = new Set([...known, ...this.#gone.keys()]);
    this.#version += 1;
    const state = this.#isFullDue ? 'full' : 'partial';
    const registrations = [...impus].map((impu) => this.#describe(impu, now));
    if (this.#isFullDue) this.#forgetOtherIds(registrations);
    this.#isFullDue = false;
    this.#changed.clear();
    this.#gone.clear();
    return { version: this.#version, state, registrations };
  }

  #describe(impu: string, now: number): ReginfoRegistration {
    const serving = [...this.registrations].filter((registration) => registration.impus.includes(impu));
    const standing = serving.flatMap(({ bindings }) => [...bindings.values()]);
    const active = standing.map((binding) => this.#describeStanding(impu, binding, now));
    const ids = new Set(active.map(({ id }) => id));
    // What came back meanwhile is not gone.
    const gone = (this.#gone.get(impu) ?? [])
      .map((each) => this.#describeGone(impu, each))
      .filter(({ id }) => !ids.has(id));
    const id = this.#idOf(impu);
    const state = active.length > 0 ? 'active' : 'terminated';
    for (const contact of gone) this.#forgetId(contact.id);
    if (state === 'terminated') this.#forgetId(id);
    return { aor: impu, id, state, contacts: [...gone, ...active] };
  }

  #describeStanding(impu: string, binding: Binding, now: number): ReginfoContact {
    const expiresSeconds = Math.max(0, Math.ceil((binding.expiresAt - now) / 1_000));
    return { ...this.#describeBinding(impu, binding), state: 'active', event: eventFor(impu, binding), expiresSeconds };
  }

  #describeGone(impu: string, { binding, event }: Gone): ReginfoContact {
    const expiresSeconds = event === 'expired' ? 0 : undefined;
    return { ...this.#describeBinding(impu, binding), state: 'terminated', event, expiresSeconds };
  }

  #describeBinding(impu: string, { contact }: Binding): Omit<ReginfoContact, 'state' | 'event' | 'expiresSeconds'> {
    return {
      id: this.#idOf(`${impu} ${contact.uri}`),
      retryAfterSeconds: undefined,
      durationRegisteredSeconds: undefined,
      q: contact.q,
      callId: undefined,
      cseq: undefined,
      uri: contact.uri,
      displayName: undefined,
      unknownParams: unknownParams(contact.params),
      pubGruu: undefined,
      tempGruu: undefined,
    };
  }

  /** Unique within the subscription. */
  #idOf(what: string): string {
    const known = this.#ids.get(what);
    if (known !== undefined) return known;
    this.#lastId += 1;
    const id = `i${this.#lastId}`;
    this.#ids.set(what, id);
    return id;
  }

  #forgetId(gone: string): void {
    for (const [what, id] of this.#ids) if (id === gone) this.#ids.delete(what);
  }

  /** After a document that has everything: what it does not name is gone, without a word where too much was. */
  #forgetOtherIds(registrations: readonly ReginfoRegistration[]): void {
    const named = new Set(registrations.flatMap(({ id, contacts }) => [id, ...contacts.map((contact) => contact.id)]));
    for (const [what, id] of this.#ids) if (!named.has(id)) this.#ids.delete(what);
  }
}

/** TS 24.229 5.4.2.1.2: the identity of the REGISTER was registered, those of its set were created by it. */
function eventFor(impu: string, binding: Binding): ContactEvent {
  return binding.event === 'registered' && binding.impu !== impu ? 'created' : binding.event;
}

/** Instance and flow in any case; feature tags as far as they are short. */
function unknownParams(params: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  let left = maxParamCharacters;
  const kept = [...params].filter(([name, value]) => {
    if (name === 'q') return false;
    if (name === '+sip.instance' || name === 'reg-id') return value.length <= maxParamCharacters;
    left -= name.length + value.length;
    return left >= 0;
  });
  return new Map(kept);
}

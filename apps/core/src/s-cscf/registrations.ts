/**
 * What the S-CSCF knows of registered users: profiles and bindings (RFC 3261 10.3, RFC 5626 6, TS 24.229 5.4.1.2).
 *
 * @module
 */
import type { UserProfile } from '@wicgate/cx';
import type { ContactEvent } from '@wicgate/reg-event';
import type { Clock } from '@wicgate/sip';
import type { RegisteredScheme } from '../authentication/authentication-scheme.ts';
import type { RequestedContact } from './contact.ts';
import type { ThirdParties } from './trusted-node-authentication.ts';

/** One contact address of a user. */
export interface Binding {
  readonly contact: RequestedContact;
  /** Path of the REGISTER, topmost first (RFC 3327). */
  readonly path: readonly string[];
  readonly callId: string;
  readonly cseq: number;
  readonly thirdParties: ThirdParties;
  /** In subsequent REGISTERs it is the same (TS 33.203 P.4.1). */
  readonly scheme: RegisteredScheme;
  /** The state "tls-protected": registered over TLS by SIP Digest or AKAv2 (TS 33.203 O.2.3, X.2.3.3). */
  readonly isTlsProtected: boolean;
  /** Canonical: the identity that the REGISTER was about; the others of its set are registered implicitly. */
  readonly impu: string;
  /** How it came into its state (RFC 3680 5.1). */
  readonly event: StandingEvent;
  /** The network wants the user to prove anew who they are, whatever the P-CSCF says (TS 33.203 6.1.4, N.2.4). */
  readonly isReauthenticationDue: boolean;
  /** On the clock's scale, in milliseconds. */
  readonly expiresAt: number;
  readonly updatedAt: number;
}

export type StandingEvent = Extract<ContactEvent, 'registered' | 'refreshed' | 'shortened'>;

/** Why a contact is gone (RFC 3680 5.1); `untold`: those who watch it are not to hear of it. */
export type GoneEvent = Extract<ContactEvent, 'expired' | 'deactivated' | 'unregistered' | 'rejected'> | 'untold';

/** Told of everything that changes, when it has. */
export interface RegistrationObserver {
  /** A contact is new or has changed, or the profile has. */
  changed(registration: Registration): void;
  gone(registration: Registration, binding: Binding, event: GoneEvent): void;
  /** Identities left the set, or were barred. */
  withdrawn(registration: Registration, impus: readonly string[]): void;
}

/** One private identity with one implicit registration set: what registers and deregisters as a whole. */
export class Registration {
  readonly impi: string;
  profile: UserProfile;
  readonly bindings = new Map<string, Binding>();

  constructor(profile: UserProfile) {
    this.impi = profile.impi;
    this.profile = profile;
  }

  /** Canonical identities that are not barred, the default one first. */
  get impus(): readonly string[] {
    return this.profile.implicitRegistrationSet.filter(({ barred }) => !barred).map(({ impu }) => impu);
  }

  /** Whether any of these belongs to its set, barred or not. */
  hasAny(impus: readonly string[]): boolean {
    return this.profile.implicitRegistrationSet.some(({ impu }) => impus.includes(impu));
  }
}

/**
 * RFC 5626 6: with instance and reg-id the flow is the key, else the contact address. An emergency registration takes
 * no other's place (TS 24.229 5.4.8.2).
 */
export function bindingKey({ instance, regId, uri, isEmergency }: RequestedContact): string {
  const key = instance === undefined || regId === undefined ? uri : `${instance} ${regId}`;
  return isEmergency ? `sos ${key}` : key;
}

export class Registrations {
  readonly #clock: Clock;
  /** Every identity of the implicit sets leads to its registrations. */
  readonly #byImpu = new Map<string, Set<Registration>>();
  readonly #byImpi = new Map<string, Set<Registration>>();
  readonly #timers = new Map<Binding, () => void>();
  readonly #onExpired: (registration: Registration, key: string) => void;
  readonly #observers: RegistrationObserver[] = [];
  #size = 0;

  /** `onExpired` is told of each binding that ran out; it is gone by then. */
  constructor(clock: Clock, onExpired: (registration: Registration, key: string) => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  observe(observer: RegistrationObserver): void {
    this.#observers.push(observer);
  }

  /** Those that are there now. */
  all(): readonly Registration[] {
    return [...this.#byImpi.values()].flatMap((registrations) => [...registrations]);
  }

  /** How many registrations there are. */
  get size(): number {
    return this.#size;
  }

  get bindingCount(): number {
    return this.#timers.size;
  }

  /** The registration of this private and public identity. */
  find(impi: string, impu: string): Registration | undefined {
    return this.ofImpu(impu).find((registration) => registration.impi === impi);
  }

  /** The registration of the same private identity that shares a public one with `profile`. */
  findSame({ impi, implicitRegistrationSet }: UserProfile): Registration | undefined {
    const impus = implicitRegistrationSet.map(({ impu }) => impu);
    return this.ofImpi(impi).find((registration) => registration.hasAny(impus));
  }

  ofImpu(impu: string): readonly Registration[] {
    return [...(this.#byImpu.get(impu) ?? [])];
  }

  ofImpi(impi: string): readonly Registration[] {
    return [...(this.#byImpi.get(impi) ?? [])];
  }

  /** Whether it has not been removed. */
  has(registration: Registration): boolean {
    return this.#byImpi.get(registration.impi)?.has(registration) ?? false;
  }

  /**
   * Whether these may be used together: of one registration, and not barred. One for an emergency alone is not enough:
   * neither bars nor roaming were looked at (TS 29.228 6.1.1.1).
   */
  areUsable([first, ...others]: readonly string[]): boolean {
    if (first === undefined) return false;
    return this.ofImpu(first).some(({ impus, bindings }) => {
      const isOrdinary = [...bindings.values()].some(({ contact }) => !contact.isEmergency);
      return isOrdinary && [first, ...others].every((impu) => impus.includes(impu));
    });
  }

  add(profile: UserProfile): Registration {
    const registration = new Registration(profile);
    this.#index(registration);
    return registration;
  }

  /** Gives a registration another profile (TS 29.228 6.2.2). */
  replaceProfile(registration: Registration, profile: UserProfile): void {
    const before = registration.impus;
    this.#unindex(registration);
    registration.profile = profile;
    this.#index(registration);
    const withdrawn = before.filter((impu) => !registration.impus.includes(impu));
    if (withdrawn.length > 0) this.#tell((observer) => observer.withdrawn(registration, withdrawn));
    if (registration.impus.some((impu) => !before.includes(impu))) {
      this.#tell((observer) => observer.changed(registration));
    }
  }

  bind(registration: Registration, key: string, binding: Binding): void {
    const before = registration.bindings.get(key);
    this.#stopTimer(before);
    registration.bindings.set(key, binding);
    const stop = this.#clock.after(binding.expiresAt - this.#clock.now(), () => {
      this.#timers.delete(binding);
      registration.bindings.delete(key);
      this.#tell((observer) => observer.gone(registration, binding, 'expired'));
      this.#onExpired(registration, key);
    });
    this.#timers.set(binding, stop);
    // The same flow with another contact address: the user agent gave up the first one (RFC 5626 6).
    if (before !== undefined && before.contact.uri !== binding.contact.uri) {
      this.#tell((observer) => observer.gone(registration, before, 'unregistered'));
    }
    this.#tell((observer) => observer.changed(registration));
  }

  unbind(registration: Registration, key: string, event: GoneEvent): void {
    const binding = registration.bindings.get(key);
    if (binding === undefined) return;
    this.#stopTimer(binding);
    registration.bindings.delete(key);
    this.#tell((observer) => observer.gone(registration, binding, event));
  }

  /** Without effect where it is gone already. */
  remove(registration: Registration, event: GoneEvent): void {
    for (const key of [...registration.bindings.keys()]) this.unbind(registration, key, event);
    this.#unindex(registration);
  }

  /** Stops every timer. */
  stop(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }

  #tell(tell: (observer: RegistrationObserver) => void): void {
    for (const observer of this.#observers) tell(observer);
  }

  #stopTimer(binding: Binding | undefined): void {
    if (binding === undefined) return;
    this.#timers.get(binding)?.();
    this.#timers.delete(binding);
  }

  #index(registration: Registration): void {
    this.#size += 1;
    addTo(this.#byImpi, registration.impi, registration);
    for (const { impu } of registration.profile.implicitRegistrationSet) addTo(this.#byImpu, impu, registration);
  }

  #unindex(registration: Registration): void {
    if (!removeFrom(this.#byImpi, registration.impi, registration)) return;
    this.#size -= 1;
    for (const { impu } of registration.profile.implicitRegistrationSet) removeFrom(this.#byImpu, impu, registration);
  }
}

function addTo(index: Map<string, Set<Registration>>, key: string, registration: Registration): void {
  const registrations = index.get(key) ?? new Set();
  index.set(key, registrations.add(registration));
}

/** Whether it was there. */
function removeFrom(index: Map<string, Set<Registration>>, key: string, registration: Registration): boolean {
  const registrations = index.get(key);
  const isThere = registrations?.delete(registration) ?? false;
  if (registrations?.size === 0) index.delete(key);
  return isThere;
}

/**
 * Which subscriptions watch which registration, so that each change reaches those that it concerns.
 *
 * @module
 */
import type { Registration } from '../registrations.ts';
import type { RegistrationWatch } from './registration-watch.ts';

export class Watches {
  readonly #byImpu = new Map<string, Set<RegistrationWatch>>();
  readonly #byRegistration = new Map<Registration, Set<RegistrationWatch>>();

  add(watch: RegistrationWatch): void {
    addTo(this.#byImpu, watch.impu, watch);
    for (const registration of watch.registrations) addTo(this.#byRegistration, registration, watch);
  }

  remove(watch: RegistrationWatch): void {
    removeFrom(this.#byImpu, watch.impu, watch);
    for (const registration of watch.registrations) removeFrom(this.#byRegistration, registration, watch);
  }

  /** It sees one more. */
  extend(watch: RegistrationWatch, registration: Registration): void {
    watch.registrations.add(registration);
    addTo(this.#byRegistration, registration, watch);
  }

  /** It sees one less. */
  reduce(watch: RegistrationWatch, registration: Registration): void {
    watch.registrations.delete(registration);
    removeFrom(this.#byRegistration, registration, watch);
  }

  /** Those that see it. */
  of(registration: Registration): readonly RegistrationWatch[] {
    return [...(this.#byRegistration.get(registration) ?? [])];
  }

  /** Those about this identity. */
  about(impu: string): readonly RegistrationWatch[] {
    return [...(this.#byImpu.get(impu) ?? [])];
  }
}

function addTo<K>(index: Map<K, Set<RegistrationWatch>>, key: K, watch: RegistrationWatch): void {
  index.set(key, (index.get(key) ?? new Set()).add(watch));
}

function removeFrom<K>(index: Map<K, Set<RegistrationWatch>>, key: K, watch: RegistrationWatch): void {
  const watches = index.get(key);
  watches?.delete(watch);
  if (watches?.size === 0) index.delete(key);
}

/**
 * What a watcher knows, from documents that come in order (RFC 3680 5.2).
 *
 * @module
 */
import type { Reginfo, ReginfoContact, ReginfoRegistration } from './reginfo.ts';

/**
 * What became of a document: `gap` was taken, but one before it is missing: refresh the subscription, which brings the
 * full state. `outdated` was passed over.
 */
export type ReginfoOutcome = 'applied' | 'gap' | 'outdated';

/** Of what is left over by a partial document nobody says that it is gone: beyond that the oldest rows go. */
const maxRows = 1_000;

/** One subscription's; a new subscription starts with a new view. */
export class ReginfoView {
  /** By id. */
  readonly #registrations = new Map<string, ReginfoRegistration>();
  #version = -1;

  /** Of the last document that was taken; undefined before the first. */
  get version(): number | undefined {
    return this.#version < 0 ? undefined : this.#version;
  }

  /** Those that are not terminated, with contacts that are active. */
  get registrations(): readonly ReginfoRegistration[] {
    return [...this.#registrations.values()];
  }

  /** What `document` itself says is terminated is its reader's to see: the view has it no more. */
  apply(document: Reginfo): ReginfoOutcome {
    if (document.version <= this.#version) return 'outdated';
    const isFull = document.state === 'full';
    const isNext = document.version === this.#version + 1 && this.#version >= 0;
    this.#version = document.version;
    if (isFull) this.#registrations.clear();
    for (const registration of document.registrations) this.#update(registration);
    return isFull || isNext ? 'applied' : 'gap';
  }

  #update(changed: ReginfoRegistration): void {
    const contacts = new Map<string, ReginfoContact>();
    for (const contact of this.#registrations.get(changed.id)?.contacts ?? []) contacts.set(contact.id, contact);
    for (const contact of changed.contacts) {
      if (contact.state === 'terminated') contacts.delete(contact.id);
      else contacts.set(contact.id, contact);
    }
    this.#registrations.delete(changed.id);
    if (changed.state === 'terminated') return;
    this.#registrations.set(changed.id, { ...changed, contacts: [...contacts.values()].slice(-maxRows) });
    for (const id of this.#registrations.keys()) {
      if (this.#registrations.size <= maxRows) return;
      this.#registrations.delete(id);
    }
  }
}

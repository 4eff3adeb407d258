/**
 * Credentials that proved right, with their keys ready: a Refresh costs one HMAC, not the way to its key as well.
 *
 * @module
 */
import type { Credential } from './turn-user.ts';

interface Kept {
  readonly credential: Credential;
  /** Hexadecimal USERHASH. */
  readonly hash: string | undefined;
}

export class KeptCredentials {
  /** The longest unused comes first. */
  readonly #kept = new Map<string, Kept>();
  /** User names by USERHASH, with what is kept of each: one credential for each way to its key. */
  readonly #names = new Map<string, { readonly username: string; readonly places: Set<string> }>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#kept.size;
  }

  find(name: string): Credential | undefined {
    const kept = this.#kept.get(name);
    if (kept === undefined) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept.credential;
  }

  /** Keeps it under `name`, in the place of the longest unused if there is no other. Only for who proved to know its key. */
  keep(name: string, credential: Credential, hash: Buffer | undefined): void {
    this.#drop(name);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= this.#capacity && oldest !== undefined) this.#drop(oldest);
    const kept = { credential, hash: hash?.toString('hex') };
    this.#kept.set(name, kept);
    if (kept.hash === undefined) return;
    const known = this.#names.get(kept.hash) ?? { username: credential.username, places: new Set<string>() };
    this.#names.set(kept.hash, known);
    known.places.add(name);
  }

  usernameOf(hash: Buffer): string | undefined {
    return this.#names.get(hash.toString('hex'))?.username;
  }

  #drop(name: string): void {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    if (kept?.hash === undefined) return;
    const places = this.#names.get(kept.hash)?.places;
    places?.delete(name);
    if (places?.size === 0) this.#names.delete(kept.hash);
  }
}

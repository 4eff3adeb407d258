/**
 * Nonces that the server remembers: nobody else can have made them, and {@link StoredNonces.revoke} ends one at once.
 *
 * A challenge costs memory before anybody has proven anything; what comes beyond the bound pushes out the oldest.
 * Where strangers can ask, SealedNonces is the better choice.
 *
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { judgeAge, type NonceContext, type NonceSource, type NonceVerdict } from './nonce-source.ts';

/** How long nonces live, and how many there are. */
export interface StoredNoncesOptions {
  readonly lifetimeMs: number;
  /** Milliseconds on any scale. */
  readonly now: () => number;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
  /** How many are remembered. 10,000 unless given. */
  readonly maxNonces?: number;
}

interface Entry extends NonceContext {
  readonly issuedAtMs: number;
}

/** Nonces of one server, in its memory. */
export class StoredNonces implements NonceSource {
  readonly #options: StoredNoncesOptions;
  readonly #maxNonces: number;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: StoredNoncesOptions) {
    this.#options = options;
    this.#maxNonces = options.maxNonces ?? 10_000;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  create({ realm, bound }: NonceContext): string {
    const { now, random } = this.#options;
    const nonce = bytesToHex(random(16));
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < this.#maxNonces) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(nonce, { realm, bound, issuedAtMs: now() });
    return nonce;
  }

  check(nonce: string, { realm, bound }: NonceContext): NonceVerdict {
    const entry = this.#entries.get(nonce);
    if (entry === undefined || entry.realm !== realm || entry.bound !== bound) return { state: 'foreign' };
    const { now, lifetimeMs } = this.#options;
    return judgeAge(entry.issuedAtMs, now(), lifetimeMs);
  }

  revoke(nonce: string): void {
    this.#entries.delete(nonce);
  }
}

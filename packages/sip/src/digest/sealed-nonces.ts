/**
 * Nonces without memory: time and salt under a MAC (RFC 7616 3.3). Servers that share the key take each other's.
 *
 *     nonce = hex( milliseconds, 6 octets | salt, 8 octets | HMAC-SHA-256 over both and the context, 16 octets )
 *
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { isSameDigest } from './digest-response.ts';
import { judgeAge, type NonceContext, type NonceSource, type NonceVerdict } from './nonce-source.ts';

/** The key and lifetime of nonces, the same at all servers that share them. */
export interface SealedNoncesOptions {
  /** A secret of at least 32 octets, for nonces only. */
  readonly key: Uint8Array;
  readonly lifetimeMs: number;
  /** Unix time in milliseconds; of all servers that share the key. */
  readonly now: () => number;
  /** That many octets from a cryptographic random generator. */
  readonly random: (length: number) => Uint8Array;
}

const timeDigits = 12;
const headDigits = timeDigits + 16;
const sealDigits = 32;

/** Nonces of all servers that share a key. */
export class SealedNonces implements NonceSource {
  readonly #options: SealedNoncesOptions;

  /** @throws {TypeError} the key is shorter than 32 octets, or the lifetime no positive number. */
  constructor(options: SealedNoncesOptions) {
    if (options.key.length < 32) throw new TypeError('key: expected at least 32 octets');
    if (!(options.lifetimeMs > 0)) throw new TypeError('lifetimeMs: expected a positive number');
    this.#options = options;
  }

  create(context: NonceContext): string {
    const { now, random } = this.#options;
    const time = Math.floor(now()).toString(16).padStart(timeDigits, '0');
    const head = time + bytesToHex(random(8));
    return head + this.#seal(head, context);
  }

  check(nonce: string, context: NonceContext): NonceVerdict {
    if (nonce.length !== headDigits + sealDigits) return { state: 'foreign' };
    const head = nonce.slice(0, headDigits);
    if (!isSameDigest(nonce.slice(headDigits), this.#seal(head, context))) return { state: 'foreign' };
    const { now, lifetimeMs } = this.#options;
    return judgeAge(Number.parseInt(head.slice(0, timeDigits), 16), now(), lifetimeMs);
  }

  /** The length of the realm tells where it ends and `bound` begins. */
  #seal(head: string, { realm, bound }: NonceContext): string {
    const text = encodeUtf8(`${head}:${realm.length}:${realm}:${bound}`);
    return bytesToHex(hmac(sha256, this.#options.key, text)).slice(0, sealDigits);
  }
}

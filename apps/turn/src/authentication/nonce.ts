/**
 * Nonces that need no memory: each carries its expiry, and a MAC binds it to the client's transport address
 * (RFC 8489 9.2, RFC 8656 5). They start with the nonce cookie, which tells clients what this server can do; who changes
 * that on the way makes the nonce useless.
 *
 * @module
 */

import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Endpoint } from '@wicgate/stun';

/** STUN Security Features (RFC 8489 18.1). */
export interface SecurityFeatures {
  readonly passwordAlgorithms: boolean;
  readonly usernameAnonymity: boolean;
}

/** RFC 8656 5 wants a new nonce at least every hour. */
const lifetimeSeconds = 600;
const expiryLength = 8;
const sealedLength = expiryLength + 16;
const sealedPattern = new RegExp(`^[0-9a-f]{${2 * sealedLength}}$`);

export class Nonces {
  readonly #key: KeyObject;
  readonly #cookie: string;

  /** @param key random, of this process: a restart makes every nonce stale, and clients ask again. */
  constructor(key: Buffer, features: SecurityFeatures) {
    this.#key = createSecretKey(key);
    this.#cookie = nonceCookie(features);
  }

  /** The cookie of 13 characters and 48 hexadecimal digits. */
  issue(client: Endpoint, nowMs: number): string {
    return this.#cookie + this.#seal(Math.floor(nowMs / 1_000) + lifetimeSeconds, client).toString('hex');
  }

  /** Whether this process issued the nonce to this client and its time is not over. */
  isFresh(nonce: string, client: Endpoint, nowMs: number): boolean {
    const sealed = nonce.slice(this.#cookie.length);
    if (!nonce.startsWith(this.#cookie) || !sealedPattern.test(sealed)) return false;
    const octets = Buffer.from(sealed, 'hex');
    const expiresAtSeconds = Number(octets.readBigUInt64BE(0));
    if (!Number.isSafeInteger(expiresAtSeconds)) return false;
    return timingSafeEqual(octets, this.#seal(expiresAtSeconds, client)) && 1_000 * expiresAtSeconds > nowMs;
  }

  #seal(expiresAtSeconds: number, { address, port }: Endpoint): Buffer {
    const expiry = Buffer.alloc(expiryLength);
    expiry.writeBigUInt64BE(BigInt(expiresAtSeconds));
    const mac = createHmac('sha256', this.#key).update(expiry).update(`${address} ${port}`).digest();
    return Buffer.concat([expiry, mac.subarray(0, sealedLength - expiryLength)]);
  }
}

/** RFC 8489 9.2: a fixed text and base64 of 24 bits, of which bit 0 is the last. */
function nonceCookie({ passwordAlgorithms, usernameAnonymity }: SecurityFeatures): string {
  const bits = (passwordAlgorithms ? 1 : 0) | (usernameAnonymity ? 2 : 0);
  return `obMatJos2${Buffer.from([0, 0, bits]).toString('base64')}`;
}

/**
 * Nonces that need no memory: each carries its expiry, and a MAC binds it to the client's transport address
 * (RFC 8489 9.2, RFC 8656 5).
 *
 * @module
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Endpoint } from '@wicgate/stun';

/** RFC 8656 5 wants a new nonce at least every hour. */
const lifetimeSeconds = 600;
const expiryLength = 8;
const nonceLength = 2 * expiryLength + 32;

export class Nonces {
  readonly #key: Buffer;

  /** @param key random, of this process: a restart makes every nonce stale, and clients ask again. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** 48 hexadecimal digits. */
  issue(client: Endpoint, nowMs: number): string {
    return this.#seal(Math.floor(nowMs / 1_000) + lifetimeSeconds, client).toString('hex');
  }

  /** Whether this process issued the nonce to this client and its time is not over. */
  isFresh(nonce: string, client: Endpoint, nowMs: number): boolean {
    if (nonce.length !== nonceLength || !/^[0-9a-f]+$/.test(nonce)) return false;
    const octets = Buffer.from(nonce, 'hex');
    const expiresAtSeconds = Number(octets.readBigUInt64BE(0));
    if (!Number.isSafeInteger(expiresAtSeconds)) return false;
    return timingSafeEqual(octets, this.#seal(expiresAtSeconds, client)) && 1_000 * expiresAtSeconds > nowMs;
  }

  #seal(expiresAtSeconds: number, { address, port }: Endpoint): Buffer {
    const expiry = Buffer.alloc(expiryLength);
    expiry.writeBigUInt64BE(BigInt(expiresAtSeconds));
    const mac = createHmac('sha256', this.#key).update(expiry).update(`${address} ${port}`).digest();
    return Buffer.concat([expiry, mac.subarray(0, 16)]);
  }
}

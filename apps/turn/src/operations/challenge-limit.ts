/**
 * How many 401s a second go to one address over UDP: whoever writes another's address as the source of small requests
 * shall not be able to have larger answers sent there at will.
 *
 * @module
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Endpoint } from '@wicgate/stun';

/** Counters. A flood from addresses without number fills them, and no memory. */
const slots = 65_536;
const periodMs = 1_000;

export class ChallengeLimit {
  readonly #perSecond: number;
  readonly #counts = new Uint32Array(slots);
  /** Nobody outside knows which addresses share a counter. */
  readonly #key = randomBytes(16);
  #periodEndMs = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Whether one more may be sent; counts it. */
  admits({ family, address }: Endpoint, nowMs: number): boolean {
    if (nowMs >= this.#periodEndMs || nowMs < this.#periodEndMs - periodMs) {
      this.#counts.fill(0);
      this.#periodEndMs = nowMs + periodMs;
    }
    const source = family === 'IPv4' ? address : address.split(':', 4).join(':');
    const slot = createHash('sha1').update(this.#key).update(source).digest().readUInt16BE(0);
    const count = (this.#counts[slot] ?? 0) + 1;
    this.#counts[slot] = count;
    return count <= this.#perSecond;
  }
}

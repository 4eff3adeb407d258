/**
 * A bound on what one address, or one session, may do within a minute.
 *
 * @module
 */
import { networkOf } from '@wicgate/node-kit';

const windowMs = 60_000;
/** Addresses counted in one window; the next ones have to wait for its end. */
const addressLimit = 100_000;

export class RateLimit {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #counts = new Map<string, number>();
  #windowEndsAtMs = 0;

  /** `now` never goes back, as a clock may: a window would last for as long. */
  constructor(limit: number, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Whether `address`, or the key of a session in its place, may go on; counts it if so. */
  take(address: string): boolean {
    const now = this.#now();
    if (now >= this.#windowEndsAtMs) {
      this.#counts.clear();
      this.#windowEndsAtMs = now + windowMs;
    }
    const network = networkOf(address);
    const count = this.#counts.get(network) ?? 0;
    if (count >= this.#limit || (count === 0 && this.#counts.size >= addressLimit)) return false;
    this.#counts.set(network, count + 1);
    return true;
  }
}

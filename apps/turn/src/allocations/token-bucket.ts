/**
 * A rate that may be exceeded for a moment: no timer, only arithmetic when something is taken.
 *
 * @module
 */

/** So much time's worth may be saved up: a video frame comes as a burst of datagrams. */
const burstSeconds = 1;
/** What may be saved up at least: some datagrams of full length. */
const leastBurst = 16_384;

export class TokenBucket {
  readonly #perMs: number;
  readonly #capacity: number;
  #level: number;
  #filledAtMs: number;

  /** A full one. */
  constructor(perSecond: number, nowMs: number) {
    this.#perMs = perSecond / 1_000;
    this.#capacity = Math.max(leastBurst, burstSeconds * perSecond);
    this.#level = this.#capacity;
    this.#filledAtMs = nowMs;
  }

  /** Whether so much is there. Time that runs backwards gives nothing. */
  has(amount: number, nowMs: number): boolean {
    const passedMs = nowMs - this.#filledAtMs;
    this.#filledAtMs = nowMs;
    if (passedMs > 0) this.#level = Math.min(this.#capacity, this.#level + passedMs * this.#perMs);
    return this.#level >= amount;
  }

  take(amount: number): void {
    this.#level -= amount;
  }
}

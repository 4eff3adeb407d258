/**
 * Credentials that the network withdrew before their time: the subscriber was deregistered, or an operator says so.
 *
 * @module
 */

/** Each is forgotten when its credential would have ended anyway. */
const maxRevocations = 100_000;

export class Revocations {
  /** Unix seconds, by Tid. */
  readonly #until = new Map<string, number>();
  readonly #capacity: number;
  #total = 0;

  constructor(capacity: number = maxRevocations) {
    this.#capacity = capacity;
  }

  /** Those in force; some that ran out may be among them. */
  get size(): number {
    return this.#until.size;
  }

  /** Credentials that were ever revoked. */
  get total(): number {
    return this.#total;
  }

  /** Refuses the credential until then. False: there is no room for one more. */
  add(tid: string, untilSeconds: number, nowMs: number): boolean {
    const known = this.#until.get(tid);
    if (known === undefined && this.#until.size >= this.#capacity) this.#purge(nowMs);
    if (known === undefined && this.#until.size >= this.#capacity) return false;
    this.#until.set(tid, Math.max(known ?? 0, untilSeconds));
    this.#total += known === undefined ? 1 : 0;
    return true;
  }

  has(tid: string, nowMs: number): boolean {
    const until = this.#until.get(tid);
    return until !== undefined && 1_000 * until > nowMs;
  }

  #purge(nowMs: number): void {
    for (const [tid, until] of this.#until) if (1_000 * until <= nowMs) this.#until.delete(tid);
  }
}

/**
 * How much application data may pass, of one credential and of all together.
 *
 * @module
 */
import type { Allocation } from './allocation.ts';
import { TokenBucket } from './token-bucket.ts';

/** Thousands of bits a second of application data, both directions together; undefined sets no cap. */
export interface BandwidthCaps {
  readonly userKbps: number | undefined;
  readonly totalKbps: number | undefined;
}

const octetsPerKilobit = 125;

export class Bandwidth {
  readonly #userKbps: number | undefined;
  readonly #total: TokenBucket | undefined;

  constructor({ userKbps, totalKbps }: BandwidthCaps, nowMs: number) {
    this.#userKbps = userKbps;
    this.#total = createBucket(totalKbps, nowMs);
  }

  /** What the allocations of one credential share; undefined where there is no cap. */
  createUserBucket(nowMs: number): TokenBucket | undefined {
    return createBucket(this.#userKbps, nowMs);
  }

  /** Whether the octets may pass; if so they are taken from both caps. */
  admits({ bucket }: Pick<Allocation, 'bucket'>, octets: number, nowMs: number): boolean {
    if (bucket === undefined && this.#total === undefined) return true;
    if (bucket?.has(octets, nowMs) === false || this.#total?.has(octets, nowMs) === false) return false;
    bucket?.take(octets);
    this.#total?.take(octets);
    return true;
  }
}

function createBucket(kbps: number | undefined, nowMs: number): TokenBucket | undefined {
  return kbps === undefined ? undefined : new TokenBucket(octetsPerKilobit * kbps, nowMs);
}

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
/** Some 2 MB of them. */
const maxResting = 16_384;

export class Bandwidth {
  readonly #userKbps: number | undefined;
  readonly #total: TokenBucket | undefined;
  /** Of credentials without an allocation, by Tid: who ends one to make another has no more than before. */
  readonly #resting = new Map<string, TokenBucket>();

  constructor({ userKbps, totalKbps }: BandwidthCaps, nowMs: number) {
    this.#userKbps = userKbps;
    this.#total = createBucket(totalKbps, nowMs);
  }

  /** What the allocations of one credential share: as its last ones left it, or full; undefined where there is no cap. */
  createUserBucket(tid: string, nowMs: number): TokenBucket | undefined {
    const left = this.#resting.get(tid);
    this.#resting.delete(tid);
    return left ?? createBucket(this.#userKbps, nowMs);
  }

  /** Keeps what the credential's last allocation leaves, in the place of who has rested longest where there is no other. */
  restUserBucket(tid: string, bucket: TokenBucket | undefined): void {
    if (bucket === undefined) return;
    const [longest] = this.#resting.keys();
    if (this.#resting.size >= maxResting && longest !== undefined) this.#resting.delete(longest);
    this.#resting.set(tid, bucket);
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

/**
 * How often an address may be refused in the name of one private identity (TS 33.203 O.3.1.1 ends the connection; nothing
 * but this ends the guessing). Others who register the same identity from elsewhere notice nothing.
 *
 * @module
 */
import { networkOf } from '@wicgate/node-kit';
import type { Clock } from '@wicgate/sip';
import { TokenBucket } from '../w2/token-bucket.ts';

export interface FailedAuthenticationsOptions {
  readonly clock: Clock;
  /** At once; as many come back in a quarter of an hour. */
  readonly allowed: number;
}

const windowSeconds = 900;
/** Beyond that whoever failed longest ago is forgotten. */
const maxPairs = 50_000;

export class FailedAuthentications {
  readonly #options: FailedAuthenticationsOptions;
  /** By address (IPv6: /64) and identity, who failed last at the end. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: FailedAuthenticationsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Whether the core may be asked. */
  mayTry(address: string, impi: string): boolean {
    return this.#buckets.get(keyOf(address, impi))?.hasLeft ?? true;
  }

  count(address: string, impi: string): void {
    const { clock, allowed } = this.#options;
    const key = keyOf(address, impi);
    const bucket =
      this.#buckets.get(key) ?? new TokenBucket({ clock, burst: allowed, perSecond: allowed / windowSeconds });
    bucket.take();
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxPairs && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

function keyOf(address: string, impi: string): string {
  return `${networkOf(address)} ${impi}`;
}

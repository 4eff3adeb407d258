/**
 * How often an address may be refused in the name of one private identity (TS 33.203 O.3.1.1 ends the connection; nothing
 * but this ends the guessing). Others who register the same identity from elsewhere notice nothing.
 *
 * @module
 */
import { networkOf } from '@wicgate/node-kit';
import type { Clock, SipResponse } from '@wicgate/sip';
import { TooManyFailedAuthentications } from '../errors.ts';
import { TokenBucket } from '../w2/token-bucket.ts';

export interface FailedAuthenticationsOptions {
  readonly clock: Clock;
  /** At once; as many come back in a quarter of an hour. */
  readonly allowed: number;
}

const windowSeconds = 900;
/** Beyond that whoever tried longest ago is forgotten. */
const maxPairs = 50_000;

export class FailedAuthentications {
  readonly #options: FailedAuthenticationsOptions;
  /** By address (IPv6: /64) and identity, who tried last at the end. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: FailedAuthenticationsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /**
   * What `ask` brings: the core's answer to a guess. It counts from the start, so that many at once are no more than one
   * after the other, and counts no longer once it was none.
   *
   * @throws {TooManyFailedAuthentications} nothing was asked.
   */
  async watch(address: string, impi: string, ask: () => Promise<SipResponse>): Promise<SipResponse> {
    const bucket = this.#bucketOf(`${networkOf(address)} ${impi}`);
    if (!bucket.take()) throw new TooManyFailedAuthentications();
    let isWrong = false;
    try {
      const response = await ask();
      isWrong = response.statusCode === 403;
      return response;
    } finally {
      if (!isWrong) bucket.giveBack();
    }
  }

  #bucketOf(pair: string): TokenBucket {
    const { clock, allowed } = this.#options;
    const perSecond = allowed / windowSeconds;
    const bucket = this.#buckets.get(pair) ?? new TokenBucket({ clock, burst: allowed, perSecond });
    this.#buckets.delete(pair);
    this.#buckets.set(pair, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxPairs && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}

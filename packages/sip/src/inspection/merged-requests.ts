/**
 * Requests that a forking proxy sent here by several ways (RFC 3261 8.2.2.2): the first is served, the others get 482.
 *
 * @module
 */
import { parseCSeq } from '../headers/cseq.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import { T1 } from '../transactions/timers.ts';
import { createRefusal, type Refusal } from './refusal.ts';

export interface MergedRequestsOptions {
  readonly clock: Clock;
  /** How many requests are remembered, the latest; 10,000 unless given. */
  readonly maxRequests?: number;
}

/** How long copies of one request may stray apart. */
const lifetimeMs = 64 * T1;

export class MergedRequests {
  readonly #clock: Clock;
  readonly #maxRequests: number;
  /** When each one came, the oldest first. */
  readonly #seen = new Map<string, number>();

  constructor({ clock, maxRequests = 10_000 }: MergedRequestsOptions) {
    this.#clock = clock;
    this.#maxRequests = maxRequests;
  }

  get size(): number {
    return this.#seen.size;
  }

  /**
   * The 482 for a copy of a request of the last 32 s. To be asked once for each transaction: repetitions of a request
   * belong to its transaction and do not come here. ACK, CANCEL and requests inside dialogs are no copies.
   *
   * @throws {HeaderMalformed}
   */
  inspect(request: SipRequest): Refusal | undefined {
    const { method, headers } = request;
    if (method === 'ACK' || method === 'CANCEL' || tagOf(request, 'To') !== undefined) return undefined;
    this.#forgetOld();
    const { number } = parseCSeq(headers.first('CSeq') ?? '');
    const key = `${number} ${method} ${tagOf(request, 'From') ?? ''} ${headers.first('Call-ID')}`;
    if (this.#seen.has(key)) return createRefusal(482);
    this.#seen.set(key, this.#clock.now());
    return undefined;
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - lifetimeMs;
    for (const [key, seenAt] of this.#seen) {
      if (seenAt > oldest && this.#seen.size < this.#maxRequests) return;
      this.#seen.delete(key);
    }
  }
}

function tagOf({ headers }: SipRequest, name: 'From' | 'To'): string | undefined {
  return parseNameAddr(headers.first(name) ?? '', name).params.get('tag');
}

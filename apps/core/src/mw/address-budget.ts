/**
 * How many requests each remote address may send: who proves nothing shall not keep the HSS from the others.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

export interface AddressBudgetOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  readonly left: number;
  readonly filledAt: number;
}

const maxAddresses = 10_000;

export class AddressBudget {
  readonly #options: AddressBudgetOptions;
  /** The one used longest ago first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: AddressBudgetOptions) {
    this.#options = options;
  }

  /** How many addresses are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Whether one more is allowed; it is then counted. */
  take(address: string): boolean {
    const { clock, perSecond, burst } = this.#options;
    const key = networkOf(address);
    const now = clock.now();
    const { left, filledAt } = this.#buckets.get(key) ?? { left: burst, filledAt: now };
    const filled = Math.min(burst, left + ((now - filledAt) * perSecond) / 1_000);
    const isAllowed = filled >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: isAllowed ? filled - 1 : filled, filledAt: now });
    this.#forgetOldest();
    return isAllowed;
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= maxAddresses) return;
      this.#buckets.delete(key);
    }
  }
}

/** An IPv4 address, or the first 64 bits of an IPv6 address: so much belongs to one line. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(?<ipv4>[0-9.]+)$/iu.exec(address)?.groups?.ipv4;
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}

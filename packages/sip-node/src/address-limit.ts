/**
 * How many connections each address holds, so that none takes the places of all others.
 *
 * @module
 */
import { plainAddress } from './address.ts';

/** What is held until it closes. */
export interface Closing {
  once(event: 'close', listener: () => void): unknown;
}

export class AddressLimit {
  readonly #most: number;
  readonly #held = new Map<string, number>();

  /** `most` connections of one address; IPv6 addresses of one network count as one. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether `address` may not hold another one. */
  isFull(address: string): boolean {
    return (this.#held.get(networkOf(address)) ?? 0) >= this.#most;
  }

  /** Counts `connection` until it closes. */
  hold(address: string, connection: Closing): void {
    const network = networkOf(address);
    this.#held.set(network, (this.#held.get(network) ?? 0) + 1);
    connection.once('close', () => this.#release(network));
  }

  #release(network: string): void {
    const left = (this.#held.get(network) ?? 1) - 1;
    if (left > 0) this.#held.set(network, left);
    else this.#held.delete(network);
  }
}

/** An IPv4 address itself; of an IPv6 address its first 64 bits, all of which one host may have (RFC 4291 2.5.4). */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [left = [], right] = plain.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const zeros = right === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...(right ?? [])];
  return groups.slice(0, 4).join(':').toLowerCase();
}

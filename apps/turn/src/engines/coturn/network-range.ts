/**
 * Networks as coturn writes them: the first and the last address.
 *
 * @module
 */
import { isIPv6 } from 'node:net';
import { groupsOfIPv6 } from '@wicgate/stun';
import type { PeerNetwork } from '../../allocations/peer-networks.ts';

/**
 * `10.0.0.0-10.255.255.255` for 10.0.0.0/8. `::`, which coturn judges by itself, is never the first address of a
 * range: to coturn that means from anywhere, and every IPv4 address would be in the range.
 */
export function networkRange([address, prefix]: PeerNetwork): string {
  const [bits, format] = isIPv6(address) ? ([128n, formatNumberIPv6] as const) : ([32n, formatNumberIPv4] as const);
  const hostBits = bits - BigInt(prefix);
  const first = (toNumber(address) >> hostBits) << hostBits;
  const last = first | ((1n << hostBits) - 1n);
  return `${format(first === 0n && bits === 128n ? 1n : first)}-${format(last)}`;
}

function toNumber(address: string): bigint {
  return isIPv6(address) ? joined(groupsOfIPv6(address), 16n) : joined(address.split('.').map(Number), 8n);
}

function joined(parts: Iterable<number>, width: bigint): bigint {
  let sum = 0n;
  for (const part of parts) sum = (sum << width) | BigInt(part);
  return sum;
}

function formatNumberIPv4(value: bigint): string {
  return partsOf(value, 4, 8n).join('.');
}

function formatNumberIPv6(value: bigint): string {
  return partsOf(value, 8, 16n)
    .map((part) => part.toString(16))
    .join(':');
}

/** From the highest. */
function partsOf(value: bigint, count: number, width: bigint): readonly number[] {
  const mask = (1n << width) - 1n;
  return Array.from({ length: count }, (_, at) => Number((value >> (BigInt(count - 1 - at) * width)) & mask));
}

/**
 * Octets of tests, written and read in hexadecimal digits.
 *
 * @module
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export const hex: (octets: Uint8Array) => string = bytesToHex;
export const octets: (digits: string) => Uint8Array = hexToBytes;

/** A copy with one bit turned over. */
export function flipBit(original: Uint8Array, bit: number): Uint8Array {
  const copy = original.slice();
  const at = bit >> 3;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

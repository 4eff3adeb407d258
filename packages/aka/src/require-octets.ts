/**
 * Guards the lengths of keys and other octets that a caller hands in.
 *
 * @module
 */
import { isBytes } from '@noble/hashes/utils.js';

/** @throws {TypeError} these are not that many octets; the message names them and says nothing else about them. */
export function requireOctets(name: string, octets: Uint8Array, length: number): void {
  if (!isBytes(octets) || octets.length !== length) throw new TypeError(`${name}: expected ${length} octets`);
}

/**
 * Octets as hexadecimal digits, the form in which secrets are stored.
 *
 * @module
 */

/** An even number of digits, checked before. */
export function decodeHexadecimal(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** In lower case. */
export function encodeHexadecimal(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

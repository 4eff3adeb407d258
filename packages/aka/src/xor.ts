/**
 * Exclusive or of octets.
 *
 * @module
 */

/** As many octets as the first operand has; the second is at least as long. */
export function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((octet, at) => octet ^ (right[at] ?? 0));
}

/**
 * Compares MACs without telling by the time it takes how much of them is right.
 *
 * @module
 */

/** Whether both hold the same octets, in a time that depends on their lengths only. */
export function isSameOctets(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at += 1) difference |= (left[at] ?? 0) ^ (right[at] ?? 0);
  return difference === 0;
}

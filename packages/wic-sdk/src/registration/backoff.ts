/**
 * How long to wait before the next try to register (in the manner of RFC 5626 4.5).
 *
 * @module
 */

const baseMs = 1_000;
const maxMs = 30_000;

/**
 * Milliseconds until the next try after `failures` tries in a row that failed: doubling from 1 s, up to 30 s, spread
 * so that a gateway that comes back does not meet everybody at once. After none: within the first second.
 */
export function backoffMs(failures: number, random: () => number): number {
  if (failures === 0) return Math.floor(baseMs * random());
  const base = Math.min(baseMs * 2 ** (failures - 1), maxMs / 1.5);
  return Math.floor(base * (1 + 0.5 * random()));
}

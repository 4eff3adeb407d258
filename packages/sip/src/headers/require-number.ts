/**
 * Numbers that the caller chose (RFC 3261 25.1, 1*DIGIT).
 *
 * @module
 */

/** The digits of `value`. @throws {TypeError} no whole number from `min` to `max`; `what` says where one belongs. */
export function requireNumber(value: number, what: string, max: number, min = 0): string {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new TypeError(`expected a whole number from ${min} to ${max} for ${what}`);
  }
  return String(value);
}

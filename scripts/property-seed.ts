/**
 * The seed of property tests: one for all runs, so that what fails once fails again, unless PROPERTY_SEED says
 * otherwise.
 *
 * @module
 */

/** @throws {Error} PROPERTY_SEED is no whole number below 2^31. */
export function propertySeed(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.PROPERTY_SEED ?? '20261121';
  if (!/^[0-9]{1,10}$/u.test(text) || Number(text) >= 2 ** 31) {
    throw new Error('PROPERTY_SEED: expected a whole number below 2147483648');
  }
  return Number(text);
}

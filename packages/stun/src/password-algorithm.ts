/**
 * The attributes PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM (RFC 8489 14.11, 14.12, 18.5).
 *
 *     algorithm (2) | length of its parameters (2) | parameters, padded to a multiple of 4
 *
 * @module
 */
import { AttributeMalformed } from './errors.ts';

/** How user name, realm and password become a key (RFC 8489 18.5.1). */
export type PasswordAlgorithm = 'MD5' | 'SHA-256';

const numbers: Readonly<Record<PasswordAlgorithm, number>> = { 'MD5': 0x0001, 'SHA-256': 0x0002 };
const names: ReadonlyMap<number, PasswordAlgorithm> = new Map([
  [numbers.MD5, 'MD5'],
  [numbers['SHA-256'], 'SHA-256'],
]);

/** Far above the two that exist. */
const maxAlgorithms = 16;

/** The algorithms in the order of preference; for PASSWORD-ALGORITHM a single one. Neither has parameters. */
export function encodePasswordAlgorithms(algorithms: readonly PasswordAlgorithm[]): Buffer {
  const value = Buffer.alloc(4 * algorithms.length);
  for (const [at, algorithm] of algorithms.entries()) value.writeUInt16BE(numbers[algorithm], 4 * at);
  return value;
}

/** In the order sent; those that nobody here knows, or that come with parameters, are left out. @throws {AttributeMalformed} */
export function decodePasswordAlgorithms(value: Buffer): readonly PasswordAlgorithm[] {
  const found: PasswordAlgorithm[] = [];
  let count = 0;
  for (let at = 0; at < value.length; ) {
    if (value.length - at < 4) throw new AttributeMalformed('PASSWORD-ALGORITHMS', 'whole entries');
    count += 1;
    if (count > maxAlgorithms) throw new AttributeMalformed('PASSWORD-ALGORITHMS', `at most ${maxAlgorithms} entries`);
    const name = names.get(value.readUInt16BE(at));
    const length = value.readUInt16BE(at + 2);
    if (name !== undefined && length === 0) found.push(name);
    // The padding of the last entry may be left to the attribute.
    at += 4 + ((length + 3) & ~3);
  }
  return found;
}

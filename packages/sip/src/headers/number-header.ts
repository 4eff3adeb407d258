/**
 * Header fields that hold one unsigned number: Max-Forwards, Expires, Min-Expires, Content-Length (RFC 3261 20).
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import { headerKey } from './header-name.ts';
import type { Headers } from './headers.ts';

const max = 4_294_967_295;
/** These may go on with a comment or parameters (RFC 3261 20.33, RFC 4028 4 and 5). */
const withTail = new Set(['retry-after', 'session-expires', 'min-se']);

/**
 * The number in header field `name`, 0 to 2^32 - 1; undefined where the field is absent.
 *
 * @throws {HeaderMalformed}
 */
export function findNumber(headers: Headers, name: string): number | undefined {
  const value = headers.first(name);
  return value === undefined ? undefined : parseNumber(name, value);
}

/**
 * The number that `value` of header field `name` holds, 0 to 2^32 - 1.
 *
 * @throws {HeaderMalformed}
 */
export function parseNumber(name: string, value: string): number {
  const plain = plainNumber(value);
  if (plain >= 0) return plain;
  const scanner = new Scanner(name, value);
  const number = scanner.number('number below 2^32', max);
  const hasTail = withTail.has(headerKey(name)) && (scanner.accept(';') || scanner.accept('('));
  if (!hasTail) scanner.end();
  return number;
}

/** The number where there are up to nine digits and nothing else, as nearly always; else -1. */
function plainNumber(value: string): number {
  const { length } = value;
  if (length === 0 || length > 9) return -1;
  let number = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = value.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = 10 * number + digit;
  }
  return number;
}

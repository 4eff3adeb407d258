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
  if (value === undefined) return undefined;
  const scanner = new Scanner(name, value);
  const number = scanner.number('number below 2^32', max);
  const hasTail = withTail.has(headerKey(name)) && (scanner.accept(';') || scanner.accept('('));
  if (!hasTail) scanner.end();
  return number;
}

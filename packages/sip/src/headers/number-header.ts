/**
 * Header fields that hold one unsigned number, with parameters or a comment after it in some: Max-Forwards, Expires,
 * Min-Expires, Content-Length, Retry-After (RFC 3261 20).
 *
 * @module
 */
import { Scanner } from '../grammar/scanner.ts';
import type { Headers } from './headers.ts';

const max = 4_294_967_295;

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
  if (scanner.peek() !== ';' && scanner.peek() !== '(') scanner.end();
  return number;
}

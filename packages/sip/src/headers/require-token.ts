/**
 * Tokens that the caller chose (RFC 3261 25.1).
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';

/** `text` itself. @throws {TypeError} it is no token; `what` says where one belongs. */
export function requireToken(text: string, what: string): string {
  if (!isToken(text)) throw new TypeError(`expected a token for ${what}`);
  return text;
}

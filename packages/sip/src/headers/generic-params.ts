/**
 * Parameters that the caller chose, written so that none can break out of its header field (RFC 3261 25.1).
 *
 *     generic-param = token [ EQUAL ( token / host / quoted-string ) ]
 *
 * @module
 */
import { formatParams } from '../grammar/scanner.ts';

/**
 * `;name=value` for each parameter, quoted values as they are.
 *
 * @throws {TypeError} a name that is no token, or a value that would not be read back as one.
 */
export function formatGenericParams(params: ReadonlyMap<string, string>): string {
  for (const value of params.values()) {
    // What is not quoted has no place for them in the first place.
    if (value.startsWith('"') && hasLineEnd(value)) throw new TypeError('expected no line end in a quoted value');
  }
  return formatParams(params);
}

function hasLineEnd(text: string): boolean {
  return text.includes('\r') || text.includes('\n') || text.includes('\0');
}

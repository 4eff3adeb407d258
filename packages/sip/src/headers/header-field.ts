/**
 * One header field (RFC 3261 7.3).
 *
 * @module
 */
import { headerName } from './header-name.ts';

/** One header field line. */
export interface HeaderField {
  /** Long form, lower case. */
  readonly key: string;
  /** Unfolded and trimmed. */
  readonly value: string;
  /** As it stands in the message, without the last line end. */
  readonly line: string;
}

/** @throws {TypeError} no token for a name, or a line end in the value: it would write header fields of its own. */
export function createField(name: string, value: string): HeaderField {
  const { key, isToken } = headerName(name);
  if (!isToken) throw new TypeError('expected a token for a header field name');
  if (hasLineEnd(value)) throw new TypeError(`${key}: expected no line end`);
  return { key, value, line: `${name}: ${value}` };
}

function hasLineEnd(text: string): boolean {
  return text.includes('\r') || text.includes('\n') || hasBareNul(text);
}

/** One that no backslash quotes (RFC 3261 25.1, quoted-pair). */
function hasBareNul(text: string): boolean {
  for (let at = text.indexOf('\0'); at >= 0; at = text.indexOf('\0', at + 1)) if (text[at - 1] !== '\\') return true;
  return false;
}

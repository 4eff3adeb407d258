/**
 * name-addr and addr-spec, as in From, To, Contact, Route, Record-Route, Path, Service-Route, P-Asserted-Identity
 * and P-Associated-URI (RFC 3261 20.10; grammar from 25.1).
 *
 *     ( name-addr / addr-spec ) *( SEMI params )
 *
 * @module
 */
import { formatParams, quoted, Scanner, unquote } from '../grammar/scanner.ts';
import { trimWhitespace } from '../grammar/trim.ts';

export interface NameAddr {
  /** Without quotes and escapes; undefined where there is none. */
  readonly displayName: string | undefined;
  /** As written, without angle brackets. Not parsed. */
  readonly uri: string;
  /** Parameters of the header field, names in lower case, values as written (quoted ones with their quotes). */
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Reads one value. Without angle brackets, parameters belong to the header field (RFC 3261 20.10).
 *
 * @throws {HeaderMalformed}
 */
export function parseNameAddr(value: string, header = 'name-addr'): NameAddr {
  const scanner = new Scanner(header, value);
  const displayName = readDisplayName(scanner, value);
  const isBracketed = displayName !== undefined || scanner.peek() === '<';
  const uri = isBracketed ? bracketed(scanner) : bare(scanner, value);
  const params = scanner.params();
  scanner.end();
  return { displayName, uri, params };
}

/**
 * Writes one value, always with angle brackets; the display name is quoted.
 *
 * @throws {TypeError} the URI could break out of its brackets.
 */
export function formatNameAddr({ displayName, uri, params }: NameAddr): string {
  if (!isUriText(uri)) throw new TypeError('expected a URI');
  const name = displayName === undefined ? '' : `${quoted(displayName)} `;
  return `${name}<${uri}>${formatParams(params)}`;
}

function readDisplayName(scanner: Scanner, value: string): string | undefined {
  if (scanner.peek() === '"') {
    return unquote(scanner.quotedString());
  }
  const open = value.indexOf('<');
  const colon = value.indexOf(':');
  // No colon stands in an unquoted name: a bracket after one is in a parameter.
  if (open < 0 || (colon >= 0 && colon < open)) return undefined;
  const name = trimWhitespace(scanner.until('<'));
  if (name.includes('"')) scanner.fail('display name', 0);
  return name === '' ? undefined : name;
}

function bracketed(scanner: Scanner): string {
  scanner.separator('<');
  const start = scanner.offset;
  const uri = trimWhitespace(scanner.until('>'));
  scanner.separator('>');
  if (!isUriText(uri)) scanner.fail('URI', start);
  return uri;
}

function bare(scanner: Scanner, value: string): string {
  const start = scanner.offset;
  const end = value.indexOf(';', start);
  const uri = end < 0 ? scanner.rest() : trimWhitespace(scanner.until(';'));
  // Without brackets a comma, question mark or semicolon cannot be the URI's (RFC 3261 20).
  if (!isUriText(uri) || uri.includes('?') || uri.includes(',')) scanner.fail('URI', start);
  return uri;
}

/** `scheme:rest` without white space, quotes or brackets. */
function isUriText(uri: string): boolean {
  const colon = uri.indexOf(':');
  if (colon <= 0) return false;
  for (let at = 0; at < uri.length; at += 1) {
    const code = uri.charCodeAt(at);
    if (code <= 32 || code === 34 || code === 60 || code === 62 || code === 127) return false;
  }
  return true;
}

/**
 * name-addr and addr-spec, as in From, To, Contact, Route, Record-Route, Path, Service-Route, P-Asserted-Identity
 * and P-Associated-URI (RFC 3261 20.10; grammar from 25.1).
 *
 *     ( name-addr / addr-spec ) *( SEMI params )
 *
 * @module
 */
import { endOfRun, isLowerLetter, isUriText, schemeClass, uriClass } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { defaultGrammarLimits, type GrammarLimits } from '../grammar/grammar-limits.ts';
import { plainParams } from '../grammar/plain-params.ts';
import { quoted, unquote } from '../grammar/quoted-string.ts';
import { Scanner } from '../grammar/scanner.ts';
import { trimWhitespace } from '../grammar/trim.ts';
import type { Headers } from './headers.ts';

const space = 32;
const quote = 34;
const colon = 58;
const openingBracket = 60;
const closingBracket = 62;
const unfitForName = '",;>\\';

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
 * @throws {HeaderMalformed} @throws {MessageTooLarge} more parameters than `limits` allow.
 */
export function parseNameAddr(value: string, header = 'name-addr', limits?: Partial<GrammarLimits>): NameAddr {
  return scanNameAddr(new Scanner(header, value, limits));
}

/**
 * The first value of header field `name` of a message; cheaper than to cut the value out and parse it.
 *
 * @throws {HeaderMissing} @throws {HeaderMalformed} @throws {MessageTooLarge} as {@link parseNameAddr}
 */
export function readNameAddr(headers: Headers, name: string, limits?: Partial<GrammarLimits>): NameAddr {
  const { text, start, end } = headers.locate(name);
  const most = limits?.parameters ?? defaultGrammarLimits.parameters;
  return plainNameAddr(text, start, end, most) ?? scanNameAddr(new Scanner(name, text, limits, start, end));
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

function scanNameAddr(scanner: Scanner): NameAddr {
  const displayName = readDisplayName(scanner);
  const isBracketed = displayName !== undefined || scanner.peek() === '<';
  const uri = isBracketed ? scanner.bracketedUri() : bare(scanner);
  const params = scanner.params();
  scanner.end();
  return { displayName, uri, params };
}

/** A name in quotes without escapes or none, and a URI in brackets; undefined where the scanner must read it. */
function plainNameAddr(text: string, start: number, end: number, most: number): NameAddr | undefined {
  let open = start;
  let displayName: string | undefined;
  if (text.charCodeAt(start) === quote) {
    const close = text.indexOf('"', start + 1);
    displayName = text.slice(start + 1, close);
    if (close < 0 || close >= end || displayName.includes('\\')) return undefined;
    open = close + 1;
    while (text.charCodeAt(open) === space) open += 1;
  }
  if (text.charCodeAt(open) !== openingBracket || !isLowerLetter(text.charCodeAt(open + 1))) return undefined;
  const schemeEnd = endOfRun(text, open + 1, schemeClass, end);
  const close = text.charCodeAt(schemeEnd) === colon ? endOfRun(text, schemeEnd + 1, uriClass, end) : end;
  if (close >= end || text.charCodeAt(close) !== closingBracket) return undefined;
  const params = plainParams(text, close + 1, end, most);
  return params === undefined ? undefined : { displayName, uri: text.slice(open + 1, close), params };
}

function readDisplayName(scanner: Scanner): string | undefined {
  const next = scanner.peek();
  if (next === '<') return undefined;
  if (next === '"') return unquote(scanner.quotedString());
  const open = scanner.find('<');
  const colon = scanner.find(':');
  // No colon stands in an unquoted name: a bracket after one is in a parameter.
  if (open < 0 || (colon >= 0 && colon < open)) return undefined;
  const name = trimWhitespace(scanner.until('<'));
  // Nobody may pass on a name that lacks its quotes (RFC 4475 3.1.2.15).
  if (!isUnquotedName(name)) scanner.fail('display name', 0);
  return name;
}

/** By the grammar these are tokens; what else peers write is let through where it cannot be taken for another part. */
function isUnquotedName(name: string): boolean {
  for (let at = 0; at < name.length; at += 1) if (unfitForName.includes(name.charAt(at))) return false;
  return true;
}

function bare(scanner: Scanner): string {
  const start = scanner.offset;
  const uri = scanner.find(';') < 0 ? scanner.rest() : trimWhitespace(scanner.until(';'));
  // Without brackets a comma, question mark or semicolon cannot be the URI's (RFC 3261 20).
  if (!isUriText(uri) || uri.includes('?') || uri.includes(',')) scanner.fail('URI', start);
  return uri;
}

/**
 * SIP, SIPS and tel URIs (RFC 3261 19.1, RFC 3966).
 *
 * @module
 */
import { HeaderMalformed } from '../errors.ts';
import { endOfRun, hostClass, ipv6Class } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { canonicalIpv6 } from './ipv6.ts';
import { unescapeUnreserved } from './unescape.ts';
import { isTelephoneNumber, isUserinfo } from './userinfo.ts';

/** The parts of a SIP or SIPS URI; escapes stay as they are. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** As written, escapes included; undefined where there is none. */
  readonly user: string | undefined;
  /** As written. */
  readonly password: string | undefined;
  /** Lower case; an IPv6 reference keeps its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case. */
  readonly params: ReadonlyMap<string, string>;
  /** What follows the question mark, as written; '' where there is none. */
  readonly headers: string;
}

/** The parts of a tel URI. */
export interface TelUri {
  readonly scheme: 'tel';
  /** As written, with its visual separators. */
  readonly number: string;
  readonly params: ReadonlyMap<string, string>;
}

/** Longer ones are not read (RFC 3261 21.4.12). */
export const maxUriCharacters = 2_048;

/**
 * Reads a `sip:`, `sips:` or `tel:` URI.
 *
 * @throws {HeaderMalformed} another scheme, against the grammar, or longer than 2,048 characters; `header` names where
 * the URI stood.
 */
export function parseUri(text: string, header = 'URI'): SipUri | TelUri {
  if (text.length > maxUriCharacters) throw new HeaderMalformed(header, maxUriCharacters, 'a shorter URI');
  const blank = findForbidden(text);
  if (blank >= 0) throw new HeaderMalformed(header, blank, 'no space, quote or bracket');
  const scheme = text.slice(0, text.indexOf(':') + 1).toLowerCase();
  if (scheme === 'sip:' || scheme === 'sips:') return parseSipUri(text, scheme === 'sip:' ? 'sip' : 'sips', header);
  if (scheme === 'tel:') return parseTelUri(text, header);
  throw new HeaderMalformed(header, 0, 'sip:, sips: or tel:');
}

/** Where white space, a control character, a quote or an angle bracket stands; -1 where none does. */
function findForbidden(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 34 || code === 60 || code === 62 || code === 127) return at;
    if (code > 127 && isUnicodeSpace(code)) return at;
  }
  return -1;
}

/** What `trim` takes away beyond ASCII. */
function isUnicodeSpace(code: number): boolean {
  return String.fromCharCode(code).trim() === '';
}

function parseSipUri(text: string, scheme: 'sip' | 'sips', header: string): SipUri {
  const start = scheme.length + 1;
  // An @ stands after userinfo and nowhere else, while a question mark may be part of the user (25.1).
  const at = text.indexOf('@', start);
  if (at >= 0 && text.includes('@', at + 1)) throw new HeaderMalformed(header, at, 'one @');
  const hostStart = at < 0 ? start : at + 1;
  const question = text.indexOf('?', hostStart);
  const end = question < 0 ? text.length : question;
  const userinfo = at < 0 ? undefined : text.slice(start, at);
  if (userinfo !== undefined && !isUserinfo(userinfo)) throw new HeaderMalformed(header, start, 'user');
  const colon = userinfo?.indexOf(':') ?? -1;
  const scanner = new Scanner(header, text.slice(hostStart, end));
  const host = scanner.host().toLowerCase();
  const port = scanner.accept(':') ? scanner.port() : undefined;
  const params = scanner.params();
  scanner.end();
  return {
    scheme,
    user: colon < 0 ? userinfo : userinfo?.slice(0, colon),
    password: colon < 0 ? undefined : userinfo?.slice(colon + 1),
    host,
    port,
    params,
    headers: question < 0 ? '' : text.slice(question + 1),
  };
}

function parseTelUri(text: string, header: string): TelUri {
  const semicolon = text.indexOf(';');
  const number = text.slice(4, semicolon < 0 ? text.length : semicolon);
  if (!isTelephoneNumber(number)) throw new HeaderMalformed(header, 4, 'a telephone number');
  const scanner = new Scanner(header, semicolon < 0 ? '' : text.slice(semicolon));
  const params = scanner.params();
  scanner.end();
  // RFC 3966 3: context = ";phone-context=" descriptor
  if (params.get('phone-context') === '') throw new HeaderMalformed(header, semicolon, 'a value in phone-context');
  return { scheme: 'tel', number, params };
}

/** The inverse of {@link parseUri}. @throws {TypeError} a part of it would be read as another. */
export function formatUri(uri: SipUri | TelUri): string {
  const params = formatParams(uri.params);
  if (params.includes('"')) throw new TypeError('expected no quotes in a parameter of a URI');
  if (uri.scheme !== 'tel')
    return `${uri.scheme}:${formatUserinfo(uri)}${formatHostport(uri)}${formatTail(uri, params)}`;
  if (!isTelephoneNumber(uri.number)) throw new TypeError('expected a telephone number');
  return `tel:${uri.number}${params}`;
}

function formatUserinfo({ user, password }: SipUri): string {
  if (user === undefined) return '';
  if (!isUserinfo(user) || user.includes(':')) throw new TypeError('expected a user');
  if (password === undefined) return `${user}@`;
  if (!isUserinfo(`${user}:${password}`)) throw new TypeError('expected a password');
  return `${user}:${password}@`;
}

function formatHostport({ host, port }: SipUri): string {
  if (!isHost(host)) throw new TypeError('expected a host');
  if (port === undefined) return host;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new TypeError('expected a port from 1 to 65535');
  return `${host}:${port}`;
}

/** Whether {@link Scanner.host} would read all of it. */
function isHost(text: string): boolean {
  if (!text.startsWith('[')) return text !== '' && endOfRun(text, 0, hostClass) === text.length;
  return text.includes(':') && endOfRun(text, 1, ipv6Class) === text.length - 1 && text.endsWith(']');
}

/** An @ would make a user of what stands before it, and a question mark header fields of what follows. */
function formatTail({ headers }: SipUri, params: string): string {
  if (params.includes('@') || params.includes('?')) throw new TypeError('expected no @ and no ? in a parameter');
  if (headers.includes('@') || findForbidden(headers) >= 0) throw new TypeError('expected escaped header fields');
  return headers === '' ? params : `${params}?${headers}`;
}

/**
 * A public identity in one spelling, for comparing and for keys: scheme, user without needless escapes and host in
 * lower case; no port, parameters, headers or password; a telephone number without visual separators, a local one
 * with its context (RFC 3261 10.3 step 5, RFC 3966 4, TS 23.003 13.4).
 *
 * @throws {HeaderMalformed}
 */
export function canonicalImpu(text: string): string {
  const uri = parseUri(text);
  if (uri.scheme === 'tel') return canonicalTel(uri);
  const user = uri.user === undefined ? '' : `${unescapeUnreserved(uri.user)}@`;
  return `${uri.scheme}:${user}${canonicalHost(uri.host)}`;
}

/** A host in one spelling: lower case, an IPv6 reference as RFC 5952 4 writes it. */
export function canonicalHost(host: string): string {
  const address = host.startsWith('[') ? canonicalIpv6(host.slice(1, -1)) : undefined;
  return address === undefined ? host.toLowerCase() : `[${address}]`;
}

function canonicalTel({ number, params }: TelUri): string {
  const digits = number.replaceAll(/[-.()]/gu, '').toLowerCase();
  const context = digits.startsWith('+') ? undefined : params.get('phone-context')?.toLowerCase();
  return context === undefined ? `tel:${digits}` : `tel:${digits};phone-context=${context}`;
}

/**
 * SIP, SIPS and tel URIs (RFC 3261 19.1, RFC 3966).
 *
 * @module
 */
import { HeaderMalformed } from '../errors.ts';
import { formatParams, Scanner } from '../grammar/scanner.ts';
import { unescapeUnreserved } from './unescape.ts';

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

export interface TelUri {
  readonly scheme: 'tel';
  /** As written, with its visual separators. */
  readonly number: string;
  readonly params: ReadonlyMap<string, string>;
}

const maxUriCharacters = 2_048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const notInUri = /[\u0000-\u0020\u007f"<>\s]/u;

/**
 * Reads a `sip:`, `sips:` or `tel:` URI.
 *
 * @throws {HeaderMalformed} another scheme, or against the grammar; `header` names where the URI stood.
 */
export function parseUri(text: string, header = 'URI'): SipUri | TelUri {
  if (text.length > maxUriCharacters) throw new HeaderMalformed(header, maxUriCharacters, 'a shorter URI');
  const blank = text.search(notInUri);
  if (blank >= 0) throw new HeaderMalformed(header, blank, 'no space, quote or bracket');
  const scheme = text.slice(0, text.indexOf(':') + 1).toLowerCase();
  if (scheme === 'sip:' || scheme === 'sips:') return parseSipUri(text, scheme === 'sip:' ? 'sip' : 'sips', header);
  if (scheme === 'tel:') return parseTelUri(text, header);
  throw new HeaderMalformed(header, 0, 'sip:, sips: or tel:');
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
  if (userinfo !== undefined && !/^(?!:)(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/:#]|%[0-9a-fA-F]{2})+$/u.test(userinfo)) {
    throw new HeaderMalformed(header, start, 'user');
  }
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
  if (!/^\+?[0-9a-fA-F*#\-.()]+$/u.test(number)) throw new HeaderMalformed(header, 4, 'a telephone number');
  const scanner = new Scanner(header, semicolon < 0 ? '' : text.slice(semicolon));
  const params = scanner.params();
  scanner.end();
  // RFC 3966 3: context = ";phone-context=" descriptor
  if (params.get('phone-context') === '') throw new HeaderMalformed(header, semicolon, 'a value in phone-context');
  return { scheme: 'tel', number, params };
}

/** The inverse of {@link parseUri}. */
export function formatUri(uri: SipUri | TelUri): string {
  if (uri.scheme === 'tel') return `tel:${uri.number}${formatParams(uri.params)}`;
  const password = uri.password === undefined ? '' : `:${uri.password}`;
  const userinfo = uri.user === undefined ? '' : `${uri.user}${password}@`;
  const port = uri.port === undefined ? '' : `:${uri.port}`;
  const headers = uri.headers === '' ? '' : `?${uri.headers}`;
  return `${uri.scheme}:${userinfo}${uri.host}${port}${formatParams(uri.params)}${headers}`;
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
  return `${uri.scheme}:${user}${uri.host}`;
}

function canonicalTel({ number, params }: TelUri): string {
  const digits = number.replaceAll(/[-.()]/gu, '').toLowerCase();
  const context = digits.startsWith('+') ? undefined : params.get('phone-context')?.toLowerCase();
  return context === undefined ? `tel:${digits}` : `tel:${digits};phone-context=${context}`;
}

/**
 * Header field names: case, compact forms (RFC 3261 7.3.3) and which fields are lists (7.3.1).
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';

const compactForms = new Map(
  Object.entries({
    a: 'accept-contact',
    b: 'referred-by',
    c: 'content-type',
    d: 'request-disposition',
    e: 'content-encoding',
    f: 'from',
    i: 'call-id',
    j: 'reject-contact',
    k: 'supported',
    l: 'content-length',
    m: 'contact',
    n: 'identity-info',
    o: 'event',
    r: 'refer-to',
    s: 'subject',
    t: 'to',
    u: 'allow-events',
    v: 'via',
    x: 'session-expires',
    y: 'identity',
  }),
);

const compactOf: ReadonlyMap<string, string> = new Map([...compactForms].map(([compact, key]) => [key, compact]));

const lists = new Set([
  'accept',
  'accept-contact',
  'accept-encoding',
  'accept-language',
  'accept-resource-priority',
  'alert-info',
  'allow',
  'allow-events',
  'call-info',
  'contact',
  'content-encoding',
  'content-language',
  'diversion',
  'error-info',
  'feature-caps',
  'geolocation',
  'history-info',
  'in-reply-to',
  'p-access-network-info',
  'p-asserted-identity',
  'p-associated-uri',
  'p-early-media',
  'p-media-authorization',
  'p-preferred-identity',
  'p-refused-uri-list',
  'p-visited-network-id',
  'path',
  'permission-missing',
  'policy-contact',
  'policy-id',
  'proxy-require',
  'reason',
  'record-route',
  'recv-info',
  'reject-contact',
  'request-disposition',
  'require',
  'resource-priority',
  'route',
  'security-client',
  'security-server',
  'security-verify',
  'service-route',
  'supported',
  'trigger-consent',
  'unsupported',
  'user-to-user',
  'via',
  'warning',
]);

/** A header field name with all that looking it up takes. */
export interface HeaderName {
  /** Long form, lower case. */
  readonly key: string;
  /** What {@link tagOf} makes of the long form. */
  readonly tag: number;
  /** What it makes of the compact form; -1 where there is none. */
  readonly compactTag: number;
  /** Whether one header field may hold several values with commas between them. */
  readonly isList: boolean;
  /** Whether it was written as a token, as all names are (RFC 3261 25.1). */
  readonly isToken: boolean;
}

/** In a mark: the name's length and its first and last characters. */
export const tagMask: number = 0x3f_ff_ff;
/** Names as long as this or longer have one length in a tag. */
export const longestTagged = 255;

/**
 * A number that tells most names apart: their length and the codes of their first and last characters. Equal names
 * have equal tags, whatever their case.
 */
export function tagOf(length: number, first: number, last: number): number {
  return (Math.min(length, 255) << 14) | ((first & 95) << 7) | (last & 95);
}

const names = new Map<string, HeaderName>();
const maxRememberedNames = 512;

/** The name as programs write it, in any spelling. */
export function headerName(name: string): HeaderName {
  const known = names.get(name);
  if (known !== undefined) return known;
  const made = makeName(headerKey(name), isToken(name));
  if (names.size < maxRememberedNames && name.length <= 40) names.set(name, made);
  return made;
}

function makeName(key: string, isWord: boolean): HeaderName {
  const compact = compactOf.get(key)?.charCodeAt(0);
  return {
    key,
    tag: tagOf(key.length, key.charCodeAt(0), key.charCodeAt(key.length - 1)),
    compactTag: compact === undefined ? -1 : tagOf(1, compact, compact),
    isList: lists.has(key),
    isToken: isWord,
  };
}

/** The name by which a header field is found: long form, lower case. */
export function headerKey(name: string): string {
  const lower = name.toLowerCase();
  return lower.length === 1 ? (compactForms.get(lower) ?? lower) : lower;
}

/** Whether one header field of this key may hold several values with commas between them. */
export function isListHeader(key: string): boolean {
  return lists.has(key);
}

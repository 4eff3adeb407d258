/**
 * Where a 3xx sends a client (RFC 3261 8.1.3.4).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { type Contact, parseContact } from '../headers/contact.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { isSameUri } from '../uris/is-same-uri.ts';
import { formatUri, parseUri } from '../uris/uri.ts';

export interface RedirectTarget {
  /** Fit for a Request-URI: without header fields and method (RFC 3261 19.1.1). */
  readonly uri: string;
  /** 0 to 1; 1 where none is given. */
  readonly q: number;
  /** How long this may be remembered (301, 302); undefined only for this request. */
  readonly expiresSeconds: number | undefined;
}

/** A response may not send us round the world. */
const maxTargets = 20;
/** How many of its addresses are looked at; each is compared with all that are known. */
const maxContacts = 100;

/**
 * The addresses of `response` to try, the likeliest first: none that was `tried` before, the Request-URI counted in,
 * none of unknown schemes, and none but `sips:` after `sips:`. A Contact out of the grammar is passed over.
 */
export function redirectTargets(
  response: SipResponse,
  request: SipRequest,
  tried: readonly string[] = [],
): readonly RedirectTarget[] {
  if (response.statusCode < 300 || response.statusCode >= 400) return [];
  const isSecure = request.requestUri.toLowerCase().startsWith('sips:');
  const past = [request.requestUri, ...tried];
  const targets: RedirectTarget[] = [];
  for (const { uri, q, expiresSeconds } of readContacts(response)) {
    const address = readAddress(uri);
    if (address === undefined || (isSecure && !address.startsWith('sips:'))) continue;
    const isKnown = [...past, ...targets.map((target) => target.uri)].some((other) => isSame(other, address));
    if (!isKnown && targets.length < maxTargets) targets.push({ uri: address, q: q ?? 1, expiresSeconds });
  }
  return targets.toSorted((left, right) => right.q - left.q);
}

function readContacts({ headers }: SipResponse): readonly Contact[] {
  const read = headers
    .all('Contact')
    .slice(0, maxContacts)
    .map((value) => orNothing(() => parseContact(value)));
  return read.filter((contact) => contact !== undefined);
}

function readAddress(text: string): string | undefined {
  return orNothing(() => {
    const uri = parseUri(text, 'Contact');
    if (uri.scheme === 'tel') return formatUri(uri);
    const params = new Map([...uri.params].filter(([name]) => name !== 'method'));
    return formatUri({ ...uri, params, headers: '' });
  });
}

function isSame(left: string, right: string): boolean {
  return orNothing(() => isSameUri(left, right)) ?? false;
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/**
 * When two URIs mean the same (RFC 3261 19.1.4, RFC 3966 5). Not transitive: unknown parameters count only where both
 * have them.
 *
 * @module
 */
import { unescapeUnreserved } from './unescape.ts';
import { canonicalHost, canonicalImpu, formatUri, parseUri, type SipUri, type TelUri } from './uri.ts';

/** Where one URI alone has one of these, the two may lead to different places. */
const decisiveParams = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** @throws {HeaderMalformed} one of them is no SIP, SIPS or tel URI. */
export function isSameUri(left: string, right: string): boolean {
  const [a, b] = [parseUri(left), parseUri(right)];
  if (a.scheme === 'tel' || b.scheme === 'tel') return a.scheme === 'tel' && b.scheme === 'tel' && isSameTel(a, b);
  return (
    a.scheme === b.scheme &&
    isSameText(a.user, b.user) &&
    isSameText(a.password, b.password) &&
    canonicalHost(a.host) === canonicalHost(b.host) &&
    a.port === b.port &&
    haveSameParams(a, b) &&
    headersOf(a) === headersOf(b)
  );
}

function isSameTel(a: TelUri, b: TelUri): boolean {
  const isSameParam = ([name, value]: [string, string]): boolean =>
    b.params.get(name)?.toLowerCase() === value.toLowerCase();
  return (
    canonicalImpu(formatUri(a)) === canonicalImpu(formatUri(b)) &&
    a.params.size === b.params.size &&
    [...a.params].every(isSameParam)
  );
}

function isSameText(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return unescapeUnreserved(a) === unescapeUnreserved(b);
}

function haveSameParams(a: SipUri, b: SipUri): boolean {
  const [left, right] = [paramsOf(a), paramsOf(b)];
  if (decisiveParams.some((name) => left.has(name) !== right.has(name))) return false;
  return [...left].every(([name, value]) => (right.get(name) ?? value) === value);
}

/** Names and values in one spelling. */
function paramsOf({ params }: SipUri): ReadonlyMap<string, string> {
  const inOneCase = (text: string): string => unescapeUnreserved(text).toLowerCase();
  return new Map([...params].map(([name, value]) => [inOneCase(name), inOneCase(value)]));
}

/** The header fields of the URI in one order; none is ever ignored. */
function headersOf({ headers }: SipUri): string {
  const fields = headers.split('&').map((field) => {
    const equals = field.indexOf('=');
    const name = equals < 0 ? field : field.slice(0, equals);
    return `${unescapeUnreserved(name).toLowerCase()}=${equals < 0 ? '' : unescapeUnreserved(field.slice(equals + 1))}`;
  });
  return fields.toSorted().join('&');
}

/**
 * Where a REFER sends its receiver (RFC 3515 2.1), as data to accept or not: the URI comes from a peer and may carry a
 * method and header fields for the new request (RFC 3261 19.1.1, 19.1.5).
 *
 * @module
 */
import { HeaderMalformed, ReferTargetRefused } from '../errors.ts';
import { isToken } from '../grammar/characters.ts';
import { headerKey } from '../headers/header-name.ts';
import { formatReplaces, parseReplaces, type Replaces } from '../headers/replaces.ts';
import { formatUri, parseUri } from '../uris/uri.ts';

/** The request that a REFER asks for: untrusted, with nothing in it that was not looked at. */
export interface ReferTarget {
  /** Without method and header fields: fit for a Request-URI. */
  readonly uri: string;
  /** `INVITE` where the URI names none. */
  readonly method: string;
  /** The dialog that the new request shall replace. */
  readonly replaces: Replaces | undefined;
  /** Whether the new request shall insist on that (`Require: replaces`). */
  readonly requiresReplaces: boolean;
  /** Those that `allowed` named, in the order of the URI. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Names of the header fields that the URI asked for and the new request does not get, in lower case. */
  readonly leftOut: readonly string[];
}

const maxHeaders = 16;

/** What would say who asks, where answers go, or what this end can (RFC 3261 19.1.5): never taken from a URI. */
const dangerous = new Set([
  ...['authorization', 'body', 'call-id', 'contact', 'content-length', 'cseq', 'from', 'max-forwards'],
  ...['p-asserted-identity', 'p-preferred-identity', 'path', 'proxy-authorization', 'record-route', 'route', 'to'],
  ...['via', 'identity', 'geolocation'],
]);

/**
 * Reads the URI of Refer-To. Only Replaces, `Require: replaces` and what `allowed` names are kept.
 *
 * @throws {ReferTargetRefused} no SIP, SIPS or tel URI, or one with a header field that misleads.
 * @throws {HeaderMalformed} against the grammar.
 */
export function readReferTarget(uri: string, allowed: readonly string[] = []): ReferTarget {
  if (!/^(?:sips?|tel):/iu.test(uri)) throw new ReferTargetRefused('a SIP, SIPS or tel URI');
  const parsed = parseUri(uri, 'Refer-To');
  const none = { replaces: undefined, requiresReplaces: false, headers: [], leftOut: [] };
  if (parsed.scheme === 'tel') return { ...none, uri, method: 'INVITE' };
  const params = new Map(parsed.params);
  const method = params.get('method') ?? 'INVITE';
  if (!isToken(method)) throw new HeaderMalformed('Refer-To', 0, 'a token in method');
  params.delete('method');
  const target = formatUri({ ...parsed, params, headers: '' });
  return { ...none, ...readFields(parsed.headers, allowed.map(headerKey)), uri: target, method };
}

/** A URI for Refer-To that asks for an INVITE to `uri` which replaces a dialog of its receiver (RFC 5589 7). */
export function formatReferTarget(uri: string, replaces: Replaces): string {
  const parsed = parseUri(uri, 'Refer-To');
  if (parsed.scheme === 'tel') throw new TypeError('expected a SIP or SIPS URI');
  // Escapes everything but the unreserved characters, as RFC 3261 25.1 has them.
  const headers = `Replaces=${encodeURIComponent(formatReplaces(replaces))}&Require=replaces`;
  return formatUri({ ...parsed, headers });
}

type Fields = Pick<ReferTarget, 'replaces' | 'requiresReplaces' | 'headers' | 'leftOut'>;

function readFields(text: string, allowed: readonly string[]): Fields {
  if (text === '') return { replaces: undefined, requiresReplaces: false, headers: [], leftOut: [] };
  const fields = text.split('&', maxHeaders + 1).map(readField);
  if (fields.length > maxHeaders) throw new HeaderMalformed('Refer-To', 0, `at most ${maxHeaders} header fields`);
  if (fields.some(({ key }) => dangerous.has(key))) throw new ReferTargetRefused('no header field that misleads');
  const replaces = fields.filter(({ key }) => key === 'replaces');
  if (replaces.length > 1) throw new HeaderMalformed('Refer-To', 0, 'one Replaces');
  const isKept = ({ key, value }: Field): boolean => key === 'replaces' || asksForReplaces({ key, value });
  const others = fields.filter((field) => !isKept(field));
  return {
    replaces: replaces[0] === undefined ? undefined : parseReplaces(replaces[0].value),
    requiresReplaces: fields.some(asksForReplaces),
    headers: others.filter(({ key }) => allowed.includes(key)).map(({ key, value }) => [key, value] as const),
    leftOut: others.filter(({ key }) => !allowed.includes(key)).map(({ key }) => key),
  };
}

interface Field {
  readonly key: string;
  readonly value: string;
}

function asksForReplaces({ key, value }: Field): boolean {
  return key === 'require' && value.toLowerCase() === 'replaces';
}

/** header = hname "=" hvalue */
function readField(text: string): Field {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new HeaderMalformed('Refer-To', 0, 'header fields with values');
  const key = headerKey(decodeEscapes(text.slice(0, equals)));
  const value = decodeEscapes(text.slice(equals + 1));
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code < 32 || code === 127) throw new HeaderMalformed('Refer-To', 0, 'no control character in a header field');
  }
  return { key, value };
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HeaderMalformed('Refer-To', 0, 'escapes of UTF-8');
  }
}

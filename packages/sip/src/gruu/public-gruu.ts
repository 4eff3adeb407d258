/**
 * Public GRUUs as a registrar makes and resolves them (RFC 5627 5.1, 5.4, 6.1).
 *
 * @module
 */
import { formatUri, parseUri } from '../uris/uri.ts';

/** Whom a URI means. */
export type GruuTarget =
  /** An instance of an address of record; which contact that is, its registrations say. */
  | { readonly type: 'public'; readonly aor: string; readonly instanceId: string }
  /** Made by this registrar as an opaque user part: only it can say whose that is. */
  | { readonly type: 'temporary'; readonly user: string }
  /** An ordinary URI. */
  | { readonly type: 'none' };

/**
 * The GRUU of one instance of `aor`: the same for the same two, as section 5.4 wants.
 *
 * @throws {HeaderMalformed} `aor` is no SIP or SIPS URI. @throws {TypeError} `aor` is a tel URI.
 */
export function createPublicGruu(aor: string, instanceId: string): string {
  const uri = parseUri(aor, 'To');
  if (uri.scheme === 'tel') throw new TypeError('expected a SIP or SIPS URI');
  const params = new Map([['gr', escapeParameter(instanceId)]]);
  return formatUri({ ...uri, password: undefined, port: uri.port, params, headers: '' });
}

/** Whom a Request-URI means (RFC 5627 6.1). @throws {HeaderMalformed} */
export function resolveGruu(requestUri: string): GruuTarget {
  const uri = parseUri(requestUri, 'Request-URI');
  if (uri.scheme === 'tel') return { type: 'none' };
  const gr = uri.params.get('gr');
  if (gr === undefined) return { type: 'none' };
  if (gr === '') return uri.user === undefined ? { type: 'none' } : { type: 'temporary', user: uri.user };
  const aor = formatUri({ ...uri, params: new Map(), headers: '' });
  return { type: 'public', aor, instanceId: unescapeParameter(gr) };
}

/** paramchar of RFC 3261 25.1: unreserved, and these as they are. */
function escapeParameter(text: string): string {
  return encodeURIComponent(text).replaceAll(/%(?:3A|2F|26|2B|24|5B|5D)/gu, (written) => decodeURIComponent(written));
}

function unescapeParameter(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // No UTF-8: no instance of ours has such a name.
    return text;
  }
}

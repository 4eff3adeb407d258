/**
 * What a proxy makes of the way a request came with (RFC 3261 16.4).
 *
 * @module
 */
import { parseNameAddr } from '../headers/name-addr.ts';
import type { SipRequest } from '../messages/message.ts';
import { formatUri, parseUri, type SipUri } from '../uris/uri.ts';

export interface RoutedHere {
  readonly request: SipRequest;
  /** The Route entries of ours that were on top, as they came: what stands in them was written by us, or pretends so. */
  readonly ownRoutes: readonly SipUri[];
}

/**
 * The request as it goes on from here: the Request-URI is again the one that the sender meant where a strict router had
 * put ours in its place, our own `maddr` is gone from it, and our own entries are gone from the top of Route.
 *
 * `isOwn` says whether host and port of a URI are those of this proxy.
 *
 * @throws {HeaderMalformed}
 */
export function preprocessRoute(received: SipRequest, isOwn: (uri: SipUri) => boolean): RoutedHere {
  const request = withoutOwnMaddr(withoutStrictRouting(received, isOwn), isOwn);
  const ownRoutes: SipUri[] = [];
  let { headers } = request;
  for (const route of headers.all('Route')) {
    const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
    if (uri.scheme === 'tel' || !isOwn(uri)) break;
    ownRoutes.push(uri);
    headers = headers.withoutFirst('Route');
  }
  return { request: headers === request.headers ? request : { ...request, headers }, ownRoutes };
}

/** A Request-URI that we wrote in Record-Route, known by its `lr`: the real one is the last Route entry. */
function withoutStrictRouting(request: SipRequest, isOwn: (uri: SipUri) => boolean): SipRequest {
  const uri = readSipUri(request.requestUri);
  if (uri === undefined || !uri.params.has('lr') || !isOwn(uri)) return request;
  const routes = request.headers.all('Route');
  const last = routes.at(-1);
  if (last === undefined) return request;
  const left = routes.slice(0, -1).join(', ');
  const headers = left === '' ? request.headers.without('Route') : request.headers.set('Route', left);
  return { ...request, requestUri: parseNameAddr(last, 'Route').uri, headers };
}

/** `maddr` that names us has done its work, and with it port and transport. */
function withoutOwnMaddr(request: SipRequest, isOwn: (uri: SipUri) => boolean): SipRequest {
  const uri = readSipUri(request.requestUri);
  const maddr = uri?.params.get('maddr');
  if (uri === undefined || maddr === undefined || !isOwn({ ...uri, host: maddr.toLowerCase() })) return request;
  const params = new Map([...uri.params].filter(([name]) => name !== 'maddr' && name !== 'transport'));
  return { ...request, requestUri: formatUri({ ...uri, port: undefined, params }) };
}

/** Undefined for a URI of another scheme. */
function readSipUri(text: string): SipUri | undefined {
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  const uri = parseUri(text, 'Request-URI');
  return uri.scheme === 'tel' ? undefined : uri;
}

/**
 * What a proxy does to a request that it sends on (RFC 3261 16.6 steps 1 to 7).
 *
 * @module
 */
import type { Headers } from '../headers/headers.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import type { SipRequest } from '../messages/message.ts';
import { formatUri, parseUri } from '../uris/uri.ts';
import { decrementMaxForwards } from './max-forwards.ts';

export interface ForwardOptions {
  /** The target: a contact that was registered, say. The Request-URI stays unless given. */
  readonly requestUri?: string;
  /** Proxies to go through, the first on top, before those that the request names. */
  readonly routes?: readonly string[];
  /** The URI of this proxy for the requests to come, with `lr`. Without one they go past it. */
  readonly recordRoute?: string;
}

export interface ForwardedRequest {
  /** As it leaves, but for the Via. */
  readonly request: SipRequest;
  /** The URI of the next hop; where the Request-URI is `sips:`, it is to be reached by TLS (RFC 3261 16.6 step 7). */
  readonly nextHop: string;
}

/**
 * The request for one target. A next hop that routes strictly, which has no `lr`, finds itself in the Request-URI and
 * the target at the end of Route.
 *
 * @throws {MaxForwardsExceeded} @throws {HeaderMalformed}
 * @throws {TypeError} a Record-Route without `lr`, or `sip:` where the Request-URI is `sips:`.
 */
export function prepareForward(received: SipRequest, options: ForwardOptions = {}): ForwardedRequest {
  const { requestUri = received.requestUri, routes = [], recordRoute } = options;
  const target = asRequestUri(requestUri);
  let { headers } = decrementMaxForwards(received);
  if (recordRoute !== undefined) headers = withRecordRoute(headers, target, recordRoute);
  headers = routes.reduceRight((all, uri) => all.prepend('Route', `<${uri}>`), headers);
  const request = { ...received, requestUri: target, headers };
  const top = headers.first('Route');
  if (top === undefined) return { request, nextHop: target };
  const { uri } = parseNameAddr(top, 'Route');
  return isLooseRouter(uri) ? { request, nextHop: uri } : toStrictRouter(request, uri);
}

/** Step 6: a strict router looks for itself in the Request-URI and takes the next one from Route. */
function toStrictRouter(request: SipRequest, router: string): ForwardedRequest {
  const nextHop = asRequestUri(router);
  const rest = request.headers.all('Route').slice(1);
  const headers = request.headers.set('Route', [...rest, `<${request.requestUri}>`].join(', '));
  return { request: { ...request, requestUri: nextHop, headers }, nextHop };
}

/** Step 4. */
function withRecordRoute(headers: Headers, target: string, recordRoute: string): Headers {
  const uri = parseUri(recordRoute, 'Record-Route');
  if (uri.scheme === 'tel' || !uri.params.has('lr')) throw new TypeError('expected a SIP URI with lr for Record-Route');
  if (uri.scheme === 'sip' && target.toLowerCase().startsWith('sips:')) {
    throw new TypeError('expected sips: in Record-Route where the Request-URI is sips:');
  }
  return headers.prepend('Record-Route', `<${recordRoute}>`);
}

function isLooseRouter(text: string): boolean {
  const uri = parseUri(text, 'Route');
  return uri.scheme !== 'tel' && uri.params.has('lr');
}

/** Step 2: without what no Request-URI may carry (19.1.1, table 1). Of other schemes nothing is known. */
function asRequestUri(text: string): string {
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return text;
  const uri = parseUri(text, 'Request-URI');
  if (uri.scheme === 'tel' || (uri.headers === '' && !uri.params.has('method'))) return text;
  const params = new Map([...uri.params].filter(([name]) => name !== 'method'));
  return formatUri({ ...uri, params, headers: '' });
}

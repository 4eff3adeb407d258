/**
 * Where a request inside a dialog goes: Request-URI and Route (RFC 3261 12.2.1.1).
 *
 * @module
 */
import { parseNameAddr } from '../headers/name-addr.ts';
import { formatUri, parseUri } from '../uris/uri.ts';

export interface RoutedRequest {
  readonly requestUri: string;
  /** Values of the Route header field, topmost first. */
  readonly routes: readonly string[];
}

/**
 * Loose routing where the first route has `lr`; otherwise strict routing, which puts that route in the Request-URI
 * and the remote target at the end.
 *
 * @throws {HeaderMalformed}
 */
export function routeRequest(remoteTarget: string, routeSet: readonly string[]): RoutedRequest {
  const [first, ...others] = routeSet;
  if (first === undefined) return { requestUri: asRequestUri(remoteTarget), routes: [] };
  const { uri } = parseNameAddr(first, 'Route');
  if (isLooseRouter(uri)) return { requestUri: asRequestUri(remoteTarget), routes: routeSet };
  return { requestUri: asRequestUri(uri), routes: [...others, `<${remoteTarget}>`] };
}

function isLooseRouter(text: string): boolean {
  const uri = parseUri(text, 'Route');
  return uri.scheme !== 'tel' && uri.params.has('lr');
}

/** Without what no Request-URI may carry: header fields and the method (RFC 3261 19.1.1, table 1). */
function asRequestUri(text: string): string {
  const uri = parseUri(text);
  if (uri.scheme === 'tel' || (uri.headers === '' && !uri.params.has('method'))) return text;
  const params = new Map([...uri.params].filter(([name]) => name !== 'method'));
  return formatUri({ ...uri, params, headers: '' });
}

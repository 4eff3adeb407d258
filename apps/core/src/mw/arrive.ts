/**
 * What a CSCF makes of a request before it looks at what is asked (RFC 3261 16.3 and 16.4).
 *
 * @module
 */
import { decrementMaxForwards, parseNameAddr, parseUri, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import { withoutAssertions } from './believed.ts';
import { hostPort } from './host-port.ts';

/** A request as the procedures of a CSCF see it. */
export interface ArrivedRequest {
  /** Without our own Route entries, without untrusted assertions, and with one hop less to go. */
  readonly request: SipRequest;
  /** The sender proved to be one of the Mw peers. */
  readonly isTrusted: boolean;
  /** The user part of the first Route entry that was ours, '' where it has none; undefined where none was ours. */
  readonly ownRoute: string | undefined;
}

/** More than any dialog puts in a row: beyond them somebody goes round in circles. */
const maxOwnRoutes = 8;
/** More than any way through networks has. */
const maxRoutes = 30;
const schemes = new Set(['sip', 'sips', 'tel']);

/**
 * `ownAddresses` are `host:port` as they stand in Route entries of ours.
 *
 * @throws {RequestRefused} 400, 416, 420 or 482. @throws {SipError} 400 or 483.
 */
export function arrive(
  received: SipRequest,
  { isTrusted, ownAddresses }: { readonly isTrusted: boolean; readonly ownAddresses: readonly string[] },
): ArrivedRequest {
  checkScheme(received);
  checkProxyRequire(received);
  const believed = decrementMaxForwards(isTrusted ? received : withoutAssertions(received));
  return { isTrusted, ...withoutOwnRoutes(believed, ownAddresses) };
}

/** 16.3 step 2. */
function checkScheme({ requestUri }: SipRequest): void {
  const scheme = requestUri.slice(0, requestUri.indexOf(':')).toLowerCase();
  if (!schemes.has(scheme)) throw new RequestRefused('UNSUPPORTED_SCHEME');
  parseUri(requestUri, 'Request-URI');
}

/** 16.3 step 5: we know no extension that a proxy must. In ACK it counts for nothing (8.2.2.3). */
function checkProxyRequire({ method, headers }: SipRequest): void {
  const required = headers.all('Proxy-Require');
  if (required.length === 0 || method === 'ACK') return;
  throw new RequestRefused('UNSUPPORTED_EXTENSION', [['Unsupported', required.join(', ')]]);
}

/** 16.4: all that stand on top of one another, as after two passes through one CSCF. */
function withoutOwnRoutes(
  request: SipRequest,
  ownAddresses: readonly string[],
): Pick<ArrivedRequest, 'request' | 'ownRoute'> {
  const routes = request.headers.all('Route');
  if (routes.length > maxRoutes) throw new RequestRefused('TOO_MANY_ROUTES');
  let ownRoute: string | undefined;
  let own = 0;
  for (const route of routes) {
    const user = findOwnUser(route, ownAddresses);
    if (user === undefined) break;
    ownRoute ??= user;
    own += 1;
    if (own > maxOwnRoutes) throw new RequestRefused('LOOP');
  }
  if (own === 0) return { request, ownRoute };
  const left = routes.slice(own).join(', ');
  const headers = left === '' ? request.headers.without('Route') : request.headers.set('Route', left);
  return { request: { ...request, headers }, ownRoute };
}

function findOwnUser(route: string, ownAddresses: readonly string[]): string | undefined {
  const uri = parseUri(parseNameAddr(route, 'Route').uri, 'Route');
  if (uri.scheme === 'tel' || uri.port === undefined) return undefined;
  return ownAddresses.includes(hostPort(uri.host, uri.port)) ? (uri.user ?? '') : undefined;
}

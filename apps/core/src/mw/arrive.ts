/**
 * What a CSCF makes of a request before it looks at what is asked (RFC 3261 16.3 and 16.4).
 *
 * @module
 */
import { preprocessRoute, type SipRequest, type SipUri, validateRequest } from '@wicgate/sip';
import { RequestRefused, RequestUnfit } from '../errors.ts';
import { withoutAssertions } from './believed.ts';
import { hostPort } from './host-port.ts';

/** A request as the procedures of a CSCF see it. */
export interface ArrivedRequest {
  /** Without our own Route entries and without untrusted assertions. */
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

/**
 * `ownAddresses` are `host:port` as they stand in Route entries of ours.
 *
 * @throws {RequestUnfit} 400, 416, 420 or 483. @throws {RequestRefused} 400 or 482. @throws {HeaderMalformed}
 */
export function arrive(
  received: SipRequest,
  { isTrusted, ownAddresses }: { readonly isTrusted: boolean; readonly ownAddresses: readonly string[] },
): ArrivedRequest {
  const verdict = validateRequest(received);
  if (typeof verdict !== 'string') throw new RequestUnfit(verdict);
  if (received.headers.all('Route').length > maxRoutes) throw new RequestRefused('TOO_MANY_ROUTES');
  const isOwn = ({ host, port }: SipUri): boolean => port !== undefined && ownAddresses.includes(hostPort(host, port));
  const { request, ownRoutes } = preprocessRoute(isTrusted ? received : withoutAssertions(received), isOwn);
  if (ownRoutes.length > maxOwnRoutes) throw new RequestRefused('LOOP');
  const [first] = ownRoutes;
  return { request, isTrusted, ownRoute: first === undefined ? undefined : (first.user ?? '') };
}

/**
 * Requests that a WIC sends, and the responses it gets (TS 24.229 5.2.6.3).
 *
 * @module
 */
import {
  type ForwardedRequest,
  isSameUri,
  parseNameAddr,
  parseUri,
  prepareForward,
  preprocessRoute,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import { createChargingVector } from '../mw/charging-vector.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { MwPeer, PeerTable } from '../mw/peer-table.ts';
import { flowKey } from '../registration/flow-name.ts';
import type { RegisteredFlow } from '../registration/registered-flows.ts';
import { withoutCharging, withoutCredentials, withoutRequestClaims } from '../w2/believed.ts';
import { assertIdentity, confineFrom, withoutPrivateIdentity } from './asserted-identity.ts';
import { checkRequest } from './check-request.ts';
import { belongsTo, createDialogToken, formsDialog, isInDialog } from './dialogs.ts';

export interface FromUeContext {
  readonly routes: OwnRoutes;
  readonly peers: PeerTable;
  readonly homeDomain: string;
}

export interface TowardsCore {
  readonly request: SipRequest;
  /** Always one of the configured peers: a message names no address to connect to. */
  readonly nextHop: MwPeer;
}

/**
 * A request of the WIC as it goes to the core.
 *
 * @throws {RequestRefused} @throws {RequestUnfit} @throws {FlowTokenInvalid} @throws {SipError}
 */
export function prepareFromUe(
  received: SipRequest,
  flow: RegisteredFlow | undefined,
  { routes, peers, homeDomain }: FromUeContext,
): TowardsCore {
  if (flow === undefined) throw new RequestRefused('not registered');
  const claimless = { ...received, headers: withoutCredentials(withoutRequestClaims(received.headers)) };
  checkRequest(claimless);
  const { request, nextHop } = isInDialog(claimless)
    ? followDialog(claimless, flow, routes)
    : startOutside(claimless, flow, routes);
  const next = parseUri(nextHop, 'Route');
  // Even where we stand on the list of peers ourselves: who is called is for the core to decide.
  if (!request.headers.has('Route') || next.scheme === 'tel' || routes.isOwn(next)) {
    throw new RequestRefused('outside the core');
  }
  return { request: withCharging(request, homeDomain), nextHop: peers.locate(nextHop) };
}

/** A response of the core as the WIC gets it. */
export function responseToUe(response: SipResponse): SipResponse {
  return { ...response, headers: withoutPrivateIdentity(withoutCredentials(withoutCharging(response.headers))) };
}

/**
 * The top Route is the Record-Route that we gave this flow for this dialog; the rest is the dialog's. A WIC that merely
 * claims to be in a dialog would pass by the checks of the core.
 */
function followDialog(received: SipRequest, flow: RegisteredFlow, routes: OwnRoutes): ForwardedRequest {
  const { request, ownRoutes } = preprocessRoute(received, (uri) => routes.isOwn(uri));
  const [own] = ownRoutes;
  if (own === undefined) throw new RequestRefused('Route of another');
  const token = routes.readToken(own);
  if (flowKey(token.flow) !== flowKey(flow.name)) throw new RequestRefused('Route of another');
  if (token.kind !== 'dialog') throw new RequestRefused('token of another kind');
  if (!belongsTo(token, request, 'wic')) throw new RequestRefused('dialog of another');
  return prepareForward({ ...request, headers: request.headers.without('P-Preferred-Identity') });
}

/** An initial or standalone request: identity from the binding, the way from its Service-Route. */
function startOutside(request: SipRequest, flow: RegisteredFlow, routes: OwnRoutes): ForwardedRequest {
  const { headers, method, requestUri } = request;
  // It acknowledges a 2xx, and that made a dialog.
  if (method === 'ACK') throw new RequestRefused('no such dialog');
  confineFrom(flow, headers);
  const { impu, registration } = assertIdentity(flow, headers.all('P-Preferred-Identity'));
  checkRoute(headers.all('Route'), registration.serviceRoute);
  const asserted = headers.without('P-Preferred-Identity', 'Route').with('P-Asserted-Identity', `<${impu}>`);
  const options = { routes: registration.serviceRoute };
  if (!formsDialog(request)) return prepareForward({ ...request, headers: asserted }, options);
  const recordRoute = routes.recordRoute(createDialogToken(request, flow.name, 'caller'), requestUri);
  return prepareForward({ ...request, headers: asserted }, { ...options, recordRoute });
}

/** The WIC may leave the Service-Route to us, but not go another way. */
function checkRoute(route: readonly string[], serviceRoute: readonly string[]): void {
  if (route.length === 0) return;
  const isStored =
    route.length === serviceRoute.length &&
    serviceRoute.every((uri, at) => isSameUri(parseNameAddr(route[at] ?? '', 'Route').uri, uri));
  if (!isStored) throw new RequestRefused('Route of another');
}

/** An ACK is charged with its INVITE. */
function withCharging(request: SipRequest, homeDomain: string): SipRequest {
  if (request.method === 'ACK') return request;
  return { ...request, headers: request.headers.with('P-Charging-Vector', createChargingVector(homeDomain)) };
}

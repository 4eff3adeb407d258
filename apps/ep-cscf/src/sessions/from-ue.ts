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
import { isEmergencyCall, prepareEmergencyCall } from '../emergency/emergency-call.ts';
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
import { findProxyAuthorization } from './proxy-authorization.ts';

export interface FromUeContext {
  readonly routes: OwnRoutes;
  readonly peers: PeerTable;
  readonly homeDomain: string;
  /** Where emergency calls go; undefined: nowhere. */
  readonly eCscf: MwPeer | undefined;
}

/** What a connection may send by: its registrations, its emergency calls. */
export interface OwnFlows {
  readonly registered: RegisteredFlow | undefined;
  /** For emergency calls, and for the calls that come back (TS 24.229 5.1.6.8). */
  readonly registeredForEmergency: RegisteredFlow | undefined;
  readonly emergency: RegisteredFlow | undefined;
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
  { registered, registeredForEmergency, emergency }: OwnFlows,
  { routes, peers, homeDomain, eCscf }: FromUeContext,
): TowardsCore {
  const own = [registered, registeredForEmergency, emergency].filter((flow) => flow !== undefined);
  if (own.length === 0) throw new RequestRefused('not registered');
  if (emergency !== undefined && eCscf !== undefined && isEmergencyCall(received)) {
    const caller = { emergency, registered: registered ?? registeredForEmergency };
    const call = prepareEmergencyCall(received, caller, { routes, eCscf });
    return { request: withCharging(call, homeDomain), nextHop: eCscf };
  }
  const claimless = { ...received, headers: withoutCredentials(withoutRequestClaims(received.headers)) };
  checkRequest(claimless);
  const answer = findProxyAuthorization(received.headers, registered, homeDomain);
  const { forwarded, flow } = isInDialog(claimless)
    ? followDialog(claimless, own, routes)
    : { forwarded: startOutside(withAnswer(claimless, answer), registered, routes), flow: registered };
  const { request, nextHop } = forwarded;
  const next = parseUri(nextHop, 'Route');
  // Even where we stand on the list of peers ourselves: who is called is for the core to decide.
  if (next.scheme === 'tel' || routes.isOwn(next)) throw new RequestRefused('outside the core');
  const peer = peers.locate(nextHop);
  // What belongs to an emergency call leads to the E-CSCF, which may be its end; all else leads through the S-CSCF.
  const isOfEmergency = emergency !== undefined && flow === emergency;
  const isOnItsWay = isOfEmergency
    ? peer === eCscf && isPassedToNone(request, { peers, but: eCscf })
    : request.headers.has('Route');
  if (!isOnItsWay) throw new RequestRefused('outside the core');
  return { request: withCharging(request, homeDomain), nextHop: peer };
}

/** The S-CSCF asks at the start of a dialog only, and outside of them. */
function withAnswer(request: SipRequest, answer: string | undefined): SipRequest {
  return answer === undefined ? request : { ...request, headers: request.headers.with('Proxy-Authorization', answer) };
}

/** Whether no hop further on is another peer of ours: nobody gets past the E-CSCF by a Route into the core. */
function isPassedToNone(
  { headers, requestUri }: SipRequest,
  { peers, but }: { readonly peers: PeerTable; readonly but: MwPeer },
): boolean {
  const route = headers.all('Route').map((value) => parseNameAddr(value, 'Route').uri);
  return [...route, requestUri].every((uri) => {
    const peer = peers.find(uri);
    return peer === undefined || peer === but;
  });
}

/** A response of the core as the WIC gets it. */
export function responseToUe(response: SipResponse): SipResponse {
  return { ...response, headers: withoutPrivateIdentity(withoutCredentials(withoutCharging(response.headers))) };
}

/**
 * The top Route is the Record-Route that we gave this flow for this dialog; the rest is the dialog's. A WIC that merely
 * claims to be in a dialog would pass by the checks of the core.
 */
function followDialog(
  received: SipRequest,
  own: readonly RegisteredFlow[],
  routes: OwnRoutes,
): { forwarded: ForwardedRequest; flow: RegisteredFlow } {
  const { request, ownRoutes } = preprocessRoute(received, (uri) => routes.isOwn(uri));
  const [route] = ownRoutes;
  if (route === undefined) throw new RequestRefused('Route of another');
  const token = routes.readToken(route);
  const key = flowKey(token.flow);
  const flow = own.find(({ name }) => flowKey(name) === key);
  if (flow === undefined) throw new RequestRefused('Route of another');
  if (token.kind !== 'dialog') throw new RequestRefused('token of another kind');
  if (!belongsTo(token, request, 'wic')) throw new RequestRefused('dialog of another');
  return { forwarded: prepareForward({ ...request, headers: request.headers.without('P-Preferred-Identity') }), flow };
}

/** An initial or standalone request: identity from the binding, the way from its Service-Route. */
function startOutside(request: SipRequest, flow: RegisteredFlow | undefined, routes: OwnRoutes): ForwardedRequest {
  if (flow === undefined) throw new RequestRefused('not registered');
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

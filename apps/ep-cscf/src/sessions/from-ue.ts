/**
 * Requests that a WIC sends, and the responses it gets (TS 24.229 5.2.6.3).
 *
 * @module
 */
import {
  decrementMaxForwards,
  formatUri,
  type Headers,
  parseNameAddr,
  parseUri,
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
import { belongsTo, createDialogToken, formsDialog, isInDialog } from './dialogs.ts';
import { refuseExtensions } from './proxy-require.ts';

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
 * @throws {RequestRefused} @throws {ExtensionUnsupported} @throws {FlowTokenInvalid} @throws {SipError}
 */
export function prepareFromUe(
  received: SipRequest,
  flow: RegisteredFlow | undefined,
  { routes, peers, homeDomain }: FromUeContext,
): TowardsCore {
  if (flow === undefined) throw new RequestRefused('not registered');
  const claimless = { ...received, headers: withoutCredentials(withoutRequestClaims(received.headers)) };
  refuseExtensions(claimless);
  const request = decrementMaxForwards(claimless);
  const headers = isInDialog(request) ? followDialog(request, flow, routes) : startOutside(request, flow, routes);
  const sent = { ...request, headers: withCharging(request.method, headers, homeDomain) };
  const next = headers.first('Route');
  // Even where we stand on the list of peers ourselves: who is called is for the core to decide.
  if (next === undefined || routes.isOwn(next)) throw new RequestRefused('outside the core');
  return { request: sent, nextHop: peers.locate(parseNameAddr(next, 'Route').uri) };
}

/** A response of the core as the WIC gets it. */
export function responseToUe(response: SipResponse): SipResponse {
  return { ...response, headers: withoutPrivateIdentity(withoutCredentials(withoutCharging(response.headers))) };
}

/**
 * The top Route is the Record-Route that we gave this flow for this dialog; the rest is the dialog's. A WIC that merely
 * claims to be in a dialog would pass by the checks of the core.
 */
function followDialog(request: SipRequest, flow: RegisteredFlow, routes: OwnRoutes): Headers {
  const top = request.headers.first('Route');
  if (top === undefined || !routes.isOwn(top)) throw new RequestRefused('Route of another');
  const token = routes.readToken(top);
  if (flowKey(token.flow) !== flowKey(flow.name)) throw new RequestRefused('Route of another');
  if (token.kind !== 'dialog') throw new RequestRefused('token of another kind');
  if (!belongsTo(token, request, 'wic')) throw new RequestRefused('dialog of another');
  return request.headers.withoutFirst('Route').without('P-Preferred-Identity');
}

/** An initial or standalone request: identity from the binding, the way from its Service-Route. */
function startOutside(request: SipRequest, flow: RegisteredFlow, routes: OwnRoutes): Headers {
  const { headers, method } = request;
  // It acknowledges a 2xx, and that made a dialog.
  if (method === 'ACK') throw new RequestRefused('no such dialog');
  confineFrom(flow, headers);
  const { impu, registration } = assertIdentity(flow, headers.all('P-Preferred-Identity'));
  checkRoute(headers.all('Route'), registration.serviceRoute);
  let sent = headers.without('P-Preferred-Identity', 'Route').with('P-Asserted-Identity', `<${impu}>`);
  for (const uri of registration.serviceRoute) sent = sent.with('Route', `<${uri}>`);
  if (!formsDialog(request)) return sent;
  return sent.prepend('Record-Route', routes.recordRoute(createDialogToken(request, flow.name, 'caller')));
}

/** The WIC may leave the Service-Route to us, but not go another way. */
function checkRoute(route: readonly string[], serviceRoute: readonly string[]): void {
  if (route.length === 0) return;
  const spelling = (uri: string): string => formatUri(parseUri(uri, 'Route'));
  const isStored =
    route.length === serviceRoute.length &&
    route.every((value, at) => spelling(parseNameAddr(value, 'Route').uri) === spelling(serviceRoute[at] ?? ''));
  if (!isStored) throw new RequestRefused('Route of another');
}

/** An ACK is charged with its INVITE. */
function withCharging(method: string, headers: Headers, homeDomain: string): Headers {
  return method === 'ACK' ? headers : headers.with('P-Charging-Vector', createChargingVector(homeDomain));
}

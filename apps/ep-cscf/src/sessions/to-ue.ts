/**
 * Requests of the core for a WIC, and the responses it gives (TS 24.229 5.2.6.4, RFC 5626 5.3).
 *
 * @module
 */
import { type Headers, prepareForward, preprocessRoute, type SipRequest, type SipResponse } from '@wicgate/sip';
import type { EmergencyCalls } from '../emergency/emergency-calls.ts';
import { RequestRefused } from '../errors.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { FlowToken } from '../registration/flow-token.ts';
import type { RegisteredFlow, RegisteredFlows } from '../registration/registered-flows.ts';
import { withoutAssertions, withoutCharging, withoutCredentials } from '../w2/believed.ts';
import { assertIdentity, withoutPrivateIdentity } from './asserted-identity.ts';
import { checkRequest } from './check-request.ts';
import { belongsTo, createDialogToken, formsDialog, isInDialog } from './dialogs.ts';

export interface ToUeContext {
  readonly routes: OwnRoutes;
  readonly flows: RegisteredFlows;
  readonly emergencies: Pick<EmergencyCalls, 'find' | 'end'>;
}

export interface TowardsUe {
  readonly request: SipRequest;
  readonly flow: RegisteredFlow;
}

/**
 * A request of the core as it goes to the WIC whose flow its top Route names. The Request-URI stays.
 *
 * @throws {RequestRefused} it names no flow (404), one that is gone (430), or another dialog (481).
 * @throws {RequestUnfit} @throws {FlowTokenInvalid} @throws {SipError}
 */
export function prepareToUe(received: SipRequest, { routes, flows, emergencies }: ToUeContext): TowardsUe {
  checkRequest(received);
  const { request, ownRoutes } = preprocessRoute(received, (uri) => routes.isOwn(uri));
  const [own] = ownRoutes;
  if (own === undefined) throw new RequestRefused('no flow token');
  const token = routes.readToken(own);
  checkUse(token, received);
  const flow = flows.find(token.flow) ?? (token.kind === 'dialog' ? emergencies.find(token.flow) : undefined);
  if (flow === undefined || !flow.connection.isOpen) throw new RequestRefused('flow gone');
  const headers = withoutPrivateIdentity(withoutCredentials(withoutCharging(request.headers)));
  const options = formsDialog(request)
    ? { recordRoute: routes.recordRoute(createDialogToken(request, flow.name, 'callee'), request.requestUri) }
    : {};
  return { request: prepareForward({ ...request, headers }, options).request, flow };
}

/** Path leads what comes from outside dialogs, Record-Route what belongs to its own. */
function checkUse(token: FlowToken, request: SipRequest): void {
  const isInside = isInDialog(request);
  if (isInside !== (token.kind === 'dialog')) throw new RequestRefused('token of another kind');
  if (token.kind === 'dialog' && !belongsTo(token, request, 'core')) throw new RequestRefused('no such dialog');
  if (!isInside && request.method === 'ACK') throw new RequestRefused('no such dialog');
}

/** A called user is no proxy, and asks nobody in the name of one (TS 33.203 N.2.1.2). */
const proxyFields = ['Proxy-Authenticate', 'Proxy-Authentication-Info'];

/**
 * A response of the WIC as it goes to the core: the way back and the route set are those of the request, whatever the
 * WIC wrote, and its identity is the one it was called by, else its default one (TS 24.229 5.2.6.4.4).
 */
export function responseFromUe(response: SipResponse, sent: SipRequest, flow: RegisteredFlow): SipResponse {
  const own = withoutAssertions(response.headers).without('P-Preferred-Identity', ...proxyFields);
  const headers = restore(own, 'Via', sent);
  const isAnswer = response.statusCode > 100 && response.statusCode < 300 && !isInDialog(sent);
  const isRecorded = headers.has('Record-Route') || (isAnswer && formsDialog(sent));
  const traced = isRecorded ? restore(headers, 'Record-Route', sent) : headers;
  if (!isAnswer) return { ...response, headers: traced };
  const { impu } = assertIdentity(flow, sent.headers.all('P-Called-Party-ID'));
  return { ...response, headers: traced.with('P-Asserted-Identity', `<${impu}>`) };
}

/** Field `name` as the request had it. */
function restore(headers: Headers, name: 'Via' | 'Record-Route', sent: SipRequest): Headers {
  return sent.headers
    .all(name)
    .toReversed()
    .reduce((left, value) => left.prepend(name, value), headers.without(name));
}

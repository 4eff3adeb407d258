/**
 * Requests of the core for a WIC, and the responses it gives (TS 24.229 5.2.6.4, RFC 5626 5.3).
 *
 * @module
 */
import { decrementMaxForwards, type Headers, type SipRequest, type SipResponse } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { RegisteredFlow, RegisteredFlows } from '../registration/registered-flows.ts';
import { withoutAssertions, withoutCharging } from '../w2/believed.ts';
import { assertIdentity, withoutPrivateIdentity } from './asserted-identity.ts';
import { formsDialog, isInDialog } from './dialogs.ts';
import { refuseExtensions } from './proxy-require.ts';

export interface ToUeContext {
  readonly routes: OwnRoutes;
  readonly flows: RegisteredFlows;
}

export interface TowardsUe {
  readonly request: SipRequest;
  readonly flow: RegisteredFlow;
}

/**
 * A request of the core as it goes to the WIC whose flow its top Route names. The Request-URI stays.
 *
 * @throws {RequestRefused} it names no flow (404), or one that is gone (430). @throws {FlowTokenInvalid}
 * @throws {SipError}
 */
export function prepareToUe(received: SipRequest, { routes, flows }: ToUeContext): TowardsUe {
  const top = received.headers.first('Route');
  if (top === undefined || !routes.isOwn(top)) throw new RequestRefused('no flow token');
  refuseExtensions(received);
  const flow = flows.find(routes.readFlowName(top));
  if (flow === undefined || !flow.connection.isOpen) throw new RequestRefused('flow gone');
  const request = decrementMaxForwards(received);
  const headers = withoutPrivateIdentity(withoutCharging(request.headers.withoutFirst('Route')));
  const isRecorded = formsDialog(request);
  return {
    request: {
      ...request,
      headers: isRecorded ? headers.prepend('Record-Route', routes.recordRoute(flow.name)) : headers,
    },
    flow,
  };
}

/**
 * A response of the WIC as it goes to the core: the way back and the route set are those of the request, whatever the
 * WIC wrote, and its identity is the one it was called by, else its default one (TS 24.229 5.2.6.4.4).
 */
export function responseFromUe(response: SipResponse, sent: SipRequest, flow: RegisteredFlow): SipResponse {
  const headers = withoutAssertions(response.headers).without('P-Preferred-Identity');
  const traced = restore(restore(headers, 'Record-Route', sent), 'Via', sent);
  const isAsserted = response.statusCode > 100 && response.statusCode < 300 && !isInDialog(sent);
  if (!isAsserted) return { ...response, headers: traced };
  const { impu } = assertIdentity(flow, sent.headers.all('P-Called-Party-ID'));
  return { ...response, headers: traced.with('P-Asserted-Identity', `<${impu}>`) };
}

/** Field `name` as the request had it; a Record-Route only where the response has one at all. */
function restore(headers: Headers, name: 'Via' | 'Record-Route', sent: SipRequest): Headers {
  if (!headers.has(name)) return headers;
  return sent.headers
    .all(name)
    .toReversed()
    .reduce((left, value) => left.prepend(name, value), headers.without(name));
}

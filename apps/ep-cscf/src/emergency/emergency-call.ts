/**
 * Emergency calls: the only SIP that is taken outside a registration (TS 33.203 X.2.3.3, O.2.3; TS 24.229 5.2.10).
 *
 * They go to the E-CSCF straight, whoever calls, and belong to the connection they came on, registered or not: they
 * outlive the registration, and whoever has none gets nothing else by them. Only the URN of the service makes one (RFC
 * 5031): which digits call for help, and where, is for the UE to know (TS 24.229 5.1.6.1).
 *
 * @module
 */
import { prepareForward, type SipRequest, validateRequest } from '@wicgate/sip';
import { RequestUnfit } from '../errors.ts';
import { accessNetwork } from '../mw/access-network.ts';
import type { OwnRoutes } from '../mw/own-routes.ts';
import type { MwPeer } from '../mw/peer-table.ts';
import type { RegisteredFlow } from '../registration/registered-flows.ts';
import { assertIdentity } from '../sessions/asserted-identity.ts';
import { createDialogToken, isInDialog } from '../sessions/dialogs.ts';
import { withoutCredentials, withoutRequestClaims } from '../w2/believed.ts';

const emergencyService = /^urn:service:sos(?:\.[a-z0-9-]{1,63}){0,8}$/iu;

/** Whether a request starts an emergency call (RFC 5031 4.2). @throws {HeaderMalformed} */
export function isEmergencyCall(request: SipRequest): boolean {
  return request.method === 'INVITE' && emergencyService.test(request.requestUri) && !isInDialog(request);
}

/** Where the E-CSCF is, as a Route. */
function routeTo({ host, port }: MwPeer): string {
  return `sip:${host}:${port};transport=tls;lr`;
}

/**
 * An emergency call as it goes to the E-CSCF; with the identity of `registered`, where there is one, and else with none.
 * Where the user is travels on as the UE says it (RFC 6442).
 *
 * @throws {RequestUnfit} @throws {SipError}
 */
export function prepareEmergencyCall(
  received: SipRequest,
  { emergency, registered }: { emergency: RegisteredFlow; registered: RegisteredFlow | undefined },
  { routes, eCscf }: { routes: OwnRoutes; eCscf: MwPeer },
): SipRequest {
  const verdict = validateRequest(received, { schemes: ['urn'] });
  if (typeof verdict !== 'string') throw new RequestUnfit(verdict);
  const preferred = received.headers.all('P-Preferred-Identity');
  const headers = withoutCredentials(withoutRequestClaims(received.headers))
    .without('Route', 'P-Preferred-Identity')
    .with('P-Access-Network-Info', accessNetwork);
  const impu = registered === undefined ? undefined : assertIdentity(registered, preferred).impu;
  const asserted = impu === undefined ? headers : headers.with('P-Asserted-Identity', `<${impu}>`);
  const request = { ...received, headers: asserted };
  const recordRoute = routes.recordRoute(createDialogToken(request, emergency.name, 'caller'), '');
  return prepareForward(request, { routes: [routeTo(eCscf)], recordRoute }).request;
}

/**
 * Requests from our users at the S-CSCF (TS 24.229 5.4.3.2).
 *
 * @module
 */
import { canonicalImpu, findAssertedIdentity, parseUri, prepareForward, type SipRequest } from '@wicgate/sip';
import { RequestRefused } from '../errors.ts';
import type { Arrived, MwElement } from '../mw/mw-element.ts';
import { recordRoute } from './record-route.ts';
import type { Registrations } from './registrations.ts';

export interface OriginateOptions {
  readonly element: MwElement;
  readonly registrations: Registrations;
  readonly homeDomain: string;
  /** SIP URI of the I-CSCF. */
  readonly iCscf: () => string;
  /** The request as it goes on. @throws {RequestRefused} 403 or 407: the caller has proven nothing, or not enough. */
  readonly authenticate: (request: SipRequest) => SipRequest;
}

/** Sends it to the I-CSCF, which finds who serves the called user. @throws {RequestRefused} 403, 404 or 407. */
export async function originate({ transaction, ...arrived }: Arrived, options: OriginateOptions): Promise<void> {
  const { element, registrations, homeDomain, iCscf, authenticate } = options;
  checkCaller(arrived.request, registrations);
  const request = authenticate(arrived.request);
  const called = parseUri(request.requestUri, 'Request-URI');
  if (called.scheme !== 'tel' && called.host !== homeDomain) throw new RequestRefused('NO_ROUTE_TO_NETWORK');
  const flow = await element.flowTo(iCscf());
  const sent = prepareForward(
    { ...request, headers: request.headers.without('Route') },
    recordRoute(request, request.requestUri, element.address),
  );
  element.forwardTo(transaction, [{ request: sent.request, flow }]);
}

function checkCaller({ headers }: SipRequest, registrations: Registrations): void {
  const { sip, tel } = findAssertedIdentity(headers, 'P-Asserted-Identity');
  const asserted = [sip, tel].filter((identity) => identity !== undefined).map(({ uri }) => canonicalImpu(uri));
  if (!registrations.areUsable(asserted)) throw new RequestRefused('CALLER_NOT_REGISTERED');
}

/**
 * What is believed of a request, by who sent it (TS 33.203 U.1, TS 24.229 4.4).
 *
 * @module
 */
import type { SipRequest } from '@wicgate/sip';

/** Assertions that only a node of the trust domain may make. */
const assertions = [
  'P-Asserted-Identity',
  'P-Charging-Vector',
  'P-Charging-Function-Addresses',
  'P-Associated-URI',
  'P-Called-Party-ID',
  'P-Visited-Network-ID',
];

/** The request without what its sender is not trusted to say. */
export function withoutAssertions(request: SipRequest): SipRequest {
  const headers = request.headers.without(...assertions);
  const accessNetwork = headers.all('P-Access-Network-Info');
  if (!accessNetwork.some(isNetworkProvided)) return { ...request, headers };
  const own = accessNetwork.filter((value) => !isNetworkProvided(value));
  return {
    ...request,
    headers: own.reduce(
      (left, value) => left.with('P-Access-Network-Info', value),
      headers.without('P-Access-Network-Info'),
    ),
  };
}

function isNetworkProvided(value: string): boolean {
  return /;\s*(?:network-provided|np)\b/iu.test(value);
}

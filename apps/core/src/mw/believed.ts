/**
 * What is believed of a request, by who sent it (TS 33.203 U.1, TS 24.229 4.4).
 *
 * @module
 */
import type { SipRequest } from '@wicgate/sip';

/** Assertions that only a node of the trust domain may make. */
const assertions = [
  'P-Asserted-Identity',
  'P-Asserted-Service',
  'P-Charging-Vector',
  'P-Charging-Function-Addresses',
  'P-Associated-URI',
  'P-Called-Party-ID',
  'P-Served-User',
  'P-Profile-Key',
  'P-Private-Network-Indication',
  'P-User-Database',
  'P-Visited-Network-ID',
  'Additional-Identity',
  'Attestation-Info',
  'Cellular-Network-Info',
  'Origination-Id',
  'Priority-Verstat',
  'Relayed-Charge',
  'Restoration-Info',
];

/** The request without what its sender is not trusted to say. */
export function withoutAssertions(request: SipRequest): SipRequest {
  const headers = request.headers.without(...assertions);
  const accessNetwork = headers.all('P-Access-Network-Info');
  if (!accessNetwork.some(isNetworkProvided)) return { ...request, headers };
  const own = accessNetwork.filter((value) => !isNetworkProvided(value));
  const rest = headers.without('P-Access-Network-Info');
  return { ...request, headers: own.length === 0 ? rest : rest.with('P-Access-Network-Info', own.join(', ')) };
}

function isNetworkProvided(value: string): boolean {
  return /;\s*(?:network-provided|np)\b/iu.test(value);
}

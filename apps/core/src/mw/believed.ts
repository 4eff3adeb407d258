/**
 * What is believed of a request, by who sent it (TS 33.203 U.1, TS 24.229 4.4).
 *
 * @module
 */
import type { Headers, SipRequest } from '@wicgate/sip';

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
  'Diversion',
  'Origination-Id',
  'Priority-Verstat',
  'Relayed-Charge',
  'Remote-Party-ID',
  'Restoration-Info',
  'Service-Route',
];

/** The request without what its sender is not trusted to say. In a REGISTER what remains of it is refused. */
export function withoutAssertions(request: SipRequest): SipRequest {
  const isRegister = request.method === 'REGISTER';
  const asserted = isRegister ? assertions : [...assertions, 'Path'];
  const credentials = isRegister ? ['Proxy-Authorization'] : ['Authorization', 'Proxy-Authorization'];
  const headers = credentials.reduce(
    (kept, name) => withoutValues(kept, name, isVouching),
    withoutValues(request.headers.without(...asserted), 'P-Access-Network-Info', isNetworkProvided),
  );
  return { ...request, headers };
}

/** Each value of its own line, for credentials have commas inside. */
function withoutValues(headers: Headers, name: string, isUnwanted: (value: string) => boolean): Headers {
  const values = headers.all(name);
  if (!values.some(isUnwanted)) return headers;
  const kept = values.filter((value) => !isUnwanted(value));
  return kept.reduce((rest, value) => rest.with(name, value), headers.without(name));
}

function isNetworkProvided(value: string): boolean {
  return /;\s*(?:network-provided|np)\b/iu.test(value);
}

/** TS 24.229 7.2A.2: the parameters by which a trusted node tells whom it has authenticated, and how. */
function isVouching(value: string): boolean {
  return /integrity-protected|authorization-entity|\bwwsf\b/iu.test(value);
}

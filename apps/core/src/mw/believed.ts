/**
 * What is believed of a request, by who sent it (TS 33.203 U.1, TS 24.229 4.4).
 *
 * @module
 */
import { type Headers, isNetworkProvided, parsePAccessNetworkInfo, SipError, type SipRequest } from '@wicgate/sip';
import { vouches } from './refuse-vouching.ts';

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
  'Path',
];

/** By which they reach us: not the radio of a mobile network, and not TISPAN's (TS 33.203 P.3). */
const strangersAccess = 'IEEE-802.3;network-provided';

/**
 * The request without what its sender is not trusted to say. What remains of it in the Authorization of a REGISTER is
 * refused; and a REGISTER says what network it came by, for the S-CSCF goes by it (TS 33.203 P.3, P.4.2).
 */
export function withoutAssertions(request: SipRequest): SipRequest {
  const isRegister = request.method === 'REGISTER';
  const credentials = isRegister ? ['Proxy-Authorization'] : ['Authorization', 'Proxy-Authorization'];
  const headers = credentials.reduce(
    (kept, name) => withoutValues(kept, name, vouches),
    withoutValues(request.headers.without(...assertions), 'P-Access-Network-Info', (value) =>
      isNetworkProvided(parsePAccessNetworkInfo(value)),
    ),
  );
  return { ...request, headers: isRegister ? headers.with('P-Access-Network-Info', strangersAccess) : headers };
}

/** Each value of its own line, for credentials have commas inside. */
function withoutValues(headers: Headers, name: string, isUnwanted: (value: string) => boolean): Headers {
  const values = headers.all(name);
  const kept = values.filter((value) => !isUnwantedOrUnreadable(value, isUnwanted));
  if (kept.length === values.length) return headers;
  return kept.reduce((rest, value) => rest.with(name, value), headers.without(name));
}

/** What we cannot read somebody else may read, and believe. */
function isUnwantedOrUnreadable(value: string, isUnwanted: (value: string) => boolean): boolean {
  try {
    return isUnwanted(value);
  } catch (error) {
    if (error instanceof SipError) return true;
    throw error;
  }
}

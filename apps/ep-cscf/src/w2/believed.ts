/**
 * What a UE may not say: header fields that only nodes of the trust domain assert (TS 24.229 4.4, TS 33.203 P.3).
 *
 * They are removed before anything is decided.
 *
 * @module
 */
import { extTurnCredHeader, type Headers, isNetworkProvided, parsePAccessNetworkInfo, SipError } from '@wicgate/sip';

const assertions = [
  'Attestation-Info',
  'Diversion',
  'Origination-Id',
  'P-Asserted-Identity',
  'P-Asserted-Service',
  'P-Associated-URI',
  'P-Called-Party-ID',
  'P-Private-Network-Indication',
  'P-Profile-Key',
  'P-Served-User',
  'P-User-Database',
  'P-Visited-Network-ID',
  'Path',
  'Priority-Verstat',
  'Relayed-Charge',
  'Remote-Party-ID',
  'Restoration-Info',
  'Service-Route',
];

/** Header fields of a UE's request or response without its assertions. */
export function withoutAssertions(headers: Headers): Headers {
  const kept = withoutCharging(headers).without(...assertions);
  const accessNetworks = kept.all('P-Access-Network-Info');
  const own = accessNetworks.filter(isOwnAccess);
  if (own.length === accessNetworks.length) return kept;
  return own.reduce((left, value) => left.with('P-Access-Network-Info', value), kept.without('P-Access-Network-Info'));
}

/** Header fields of a UE's request without its assertions and what only proxies write. */
export function withoutRequestClaims(headers: Headers): Headers {
  return withoutAssertions(headers).without('Record-Route', 'Security-Client', 'Security-Verify');
}

/**
 * Without credentials, in both directions: the bound connection is the proof, a token on a later request is removed
 * unread (TS 24.371 7.2.1), and nobody else's is a WIC's to see. The one exception is `findProxyAuthorization`'s.
 */
export function withoutCredentials(headers: Headers): Headers {
  return headers.without('Authorization', 'Proxy-Authorization', extTurnCredHeader);
}

/** Without every P-Charging field: they are for the network only, in both directions (RFC 7315 4.6). */
export function withoutCharging(headers: Headers): Headers {
  const charging = [...headers].map(({ key }) => key).filter((key) => key.startsWith('p-charging-'));
  return charging.length === 0 ? headers : headers.without(...charging);
}

/** What we cannot read somebody else may read, and believe. */
function isOwnAccess(value: string): boolean {
  try {
    return !isNetworkProvided(parsePAccessNetworkInfo(value));
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}

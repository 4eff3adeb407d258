/**
 * A REGISTER as it goes to the core (TS 24.229 5.2.2.1), and its answer as it goes to the UE.
 *
 * @module
 */
import {
  type DigestChallenge,
  decrementMaxForwards,
  extTurnCredHeader,
  formatDigestChallenge,
  formatPVisitedNetworkId,
  type Headers,
  parseChallenges,
  SipError,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { accessNetwork } from '../mw/access-network.ts';
import { createChargingVector } from '../mw/charging-vector.ts';
import { withoutCharging, withoutCredentials } from '../w2/believed.ts';

/** How the request leaves, apart from Authorization: `authorization` undefined leaves none. */
export function toCore(
  request: SipRequest,
  { homeDomain, path, authorization }: { homeDomain: string; path: string; authorization: string | undefined },
): SipRequest {
  const headers = decrementMaxForwards(request)
    .headers.without('Authorization', 'Proxy-Authorization', 'Route', extTurnCredHeader)
    .with('Path', `<${path}>`)
    .with('Require', 'path')
    .with('P-Access-Network-Info', accessNetwork)
    .with('P-Visited-Network-ID', formatPVisitedNetworkId({ network: homeDomain, params: new Map() }))
    .with('P-Charging-Vector', createChargingVector(homeDomain));
  return {
    ...request,
    headers: authorization === undefined ? headers : headers.with('Authorization', authorization),
  };
}

/** Charging data and keys are for the network (TS 24.229 5.2.2.1, 5.2.2.2); the credential header is ours to write. */
export function toUe(response: SipResponse): SipResponse {
  const headers = withoutCredentials(withoutCharging(response.headers));
  return { ...response, headers: withoutKeys(headers) };
}

/** CK and IK in a challenge never reach the UE (TS 33.203 X.2.3.3); nor does what nobody can read. */
function withoutKeys(headers: Headers): Headers {
  return headers
    .all('WWW-Authenticate')
    .flatMap(withoutKeyParams)
    .reduce((left, value) => left.with('WWW-Authenticate', value), headers.without('WWW-Authenticate'));
}

function withoutKeyParams(value: string): readonly string[] {
  try {
    const challenges = parseChallenges(value);
    if (!challenges.some(({ params }) => params.has('ck') || params.has('ik'))) return [value];
    // Only Digest has keys: of another scheme, whatever shares their header field stays here.
    return challenges.flatMap((challenge) => (challenge.scheme === 'Digest' ? [formatWithoutKeys(challenge)] : []));
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return [];
  }
}

function formatWithoutKeys(challenge: DigestChallenge): string {
  const params = new Map([...challenge.params].filter(([name]) => name !== 'ck' && name !== 'ik'));
  return formatDigestChallenge({ ...challenge, params });
}

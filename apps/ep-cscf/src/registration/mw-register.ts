/**
 * A REGISTER as it goes to the core (TS 24.229 5.2.2.1), and its answer as it goes to the UE.
 *
 * @module
 */
import {
  decrementMaxForwards,
  formatAuthorization,
  type Headers,
  parseAuthorization,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { createChargingVector } from '../mw/charging-vector.ts';
import { turnCredentialHeader } from '../turn/turn-credentials.ts';
import { withoutCharging, withoutCredentials } from '../w2/believed.ts';

/** How the request leaves, apart from Authorization: `authorization` undefined leaves none. */
export function toCore(
  request: SipRequest,
  { homeDomain, path, authorization }: { homeDomain: string; path: string; authorization: string | undefined },
): SipRequest {
  const headers = decrementMaxForwards(request)
    .headers.without('Authorization', 'Proxy-Authorization', 'Route', turnCredentialHeader)
    .with('Path', path)
    .with('Require', 'path')
    .with('P-Visited-Network-ID', `"${homeDomain}"`)
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

/** CK and IK in a challenge never reach the UE (TS 33.203 X.2.3.3). */
function withoutKeys(headers: Headers): Headers {
  const challenges = headers.all('WWW-Authenticate');
  if (!challenges.some((challenge) => /[\s,](?:ck|ik)\s*=/iu.test(challenge))) return headers;
  return challenges.reduce(
    (left, challenge) => left.with('WWW-Authenticate', withoutKeyParams(challenge)),
    headers.without('WWW-Authenticate'),
  );
}

function withoutKeyParams(challenge: string): string {
  const { scheme, params } = parseAuthorization(challenge, 'WWW-Authenticate');
  return formatAuthorization(
    scheme,
    Object.fromEntries([...params].filter(([name]) => name !== 'ck' && name !== 'ik')),
  );
}

/**
 * Authentication: MAR to MAA (TS 29.228 6.3.1).
 *
 * Users with a credential of SIP Digest get their H(A1)s (TS 33.203 N.2.1.1). For all other schemes there are no data:
 * such users are authenticated by the WAF, and a trusted node vouches for them (TS 33.203 annex U). A MAR that is
 * refused leaves S-CSCF name and state alone.
 *
 * @module
 */
import {
  baseResult,
  type DigestAuthDataItem,
  experimentalResult,
  type MultimediaAuthAnswer,
  type MultimediaAuthRequest,
} from '@wicgate/cx';
import type { DigestCredential, Subscription } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { findUser, type Outcome, type User, unchanged } from './outcome.ts';

/** `realm` is that of the credentials: the home domain. */
export async function multimediaAuth(
  records: SubscriptionRecords,
  request: MultimediaAuthRequest,
  realm: string,
): Promise<Outcome<MultimediaAuthAnswer>> {
  const { impi, impu, serverName, sipAuthenticationScheme: scheme } = request;
  const user = await findUser(records, impi, impu);
  if ('kind' in user) return unchanged(user);
  const { digestCredential } = user.subscription;
  if (digestCredential === undefined || (scheme !== 'SIP Digest' && scheme !== 'Unknown')) {
    return unchanged(experimentalResult('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED'));
  }
  if (serverName === '') return unchanged(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
  return {
    answer: { ...baseResult('DIAMETER_SUCCESS'), authItems: [authItemOf(digestCredential, realm)] },
    changed: withChallenger(user, serverName),
  };
}

/** Digest-HA1 stays that of MD5; what is stronger stands beside it (TS 29.229 6.3.36). */
function authItemOf({ md5, sha256 }: DigestCredential, realm: string): DigestAuthDataItem {
  const alternates = sha256 === undefined ? [] : [{ algorithm: 'SHA-256', ha1: sha256 } as const];
  return { scheme: 'SIP Digest', realm, qop: 'auth', algorithm: 'MD5', ha1: md5, alternates };
}

/**
 * The S-CSCF that asks is the user's from now on, and an identity that is not registered is about to be. The flag of a
 * registered one stays as it is (TS 33.203 N.2.1.1).
 */
function withChallenger({ subscription, identity: { impu } }: User, sCscfName: string): Subscription {
  const identities = subscription.identities.map((identity) =>
    identity.impu === impu && identity.state !== 'registered' ? { ...identity, authPending: true } : identity,
  );
  return { ...subscription, sCscfName, identities };
}

/**
 * Authentication: MAR to MAA (TS 29.228 6.3.1).
 *
 * Users with a credential of SIP Digest get their H(A1)s (TS 33.203 N.2.1.1), users with an ISIM vectors of AKA (6.1.1).
 * For all other schemes there are no data: such users are authenticated by the WAF, and a trusted node vouches for them
 * (TS 33.203 annex U). A MAR that is refused leaves S-CSCF name and state alone.
 *
 * @module
 */
import {
  baseResult,
  experimentalResult,
  type MultimediaAuthAnswer,
  type MultimediaAuthRequest,
  type SipAuthDataItem,
} from '@wicgate/cx';
import { digestAuthDataOf } from '../subscriptions/digest-auth-data.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { type AkaSurroundings, akaAuthItems } from './aka-auth-items.ts';
import { findUser, type Outcome, type User, unchanged } from './outcome.ts';

export interface MultimediaAuthSurroundings extends AkaSurroundings {
  /** Of SIP Digest credentials: the home domain. */
  readonly realm: string;
}

/** What is given out, and what is to be stored before it leaves. */
interface Granted {
  readonly authItems: readonly SipAuthDataItem[];
  readonly changed: Subscription;
}

export async function multimediaAuth(
  records: SubscriptionRecords,
  request: MultimediaAuthRequest,
  surroundings: MultimediaAuthSurroundings,
): Promise<Outcome<MultimediaAuthAnswer>> {
  const { impi, impu, serverName } = request;
  const user = await findUser(records, impi, impu);
  if ('kind' in user) return unchanged(user);
  const scheme = findScheme(request, user.subscription);
  if (scheme === undefined) return unchanged(experimentalResult('DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED'));
  if (serverName === '') return unchanged(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
  const granted = scheme === 'SIP Digest' ? grantDigest(user, surroundings) : grantAka(user, request, surroundings);
  if (granted === undefined) return unchanged(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
  return {
    answer: { ...baseResult('DIAMETER_SUCCESS'), authItems: granted.authItems },
    changed: withChallenger({ ...user, subscription: granted.changed }, serverName),
  };
}

/**
 * The scheme that is asked for, where the user has credentials of it.
 *
 * `Unknown` leaves the choice to the HSS. That is SIP Digest for who has both: an S-CSCF that means AKA knows so before it
 * asks (TS 33.203 P.4.2 step 1), and says `Unknown` only where AKA is ruled out already (step 3). Who has an ISIM alone
 * is answered with AKA: there is no other scheme by which this user could be authenticated. AUTS belongs to AKA.
 */
function findScheme(
  { sipAuthenticationScheme: asked, sipAuthorization }: MultimediaAuthRequest,
  { digestCredential, akaCredential }: Subscription,
): 'SIP Digest' | 'Digest-AKAv1-MD5' | undefined {
  const known = [
    ...(digestCredential === undefined ? [] : (['SIP Digest'] as const)),
    ...(akaCredential === undefined ? [] : (['Digest-AKAv1-MD5'] as const)),
  ];
  const wanted = asked === 'Unknown' && sipAuthorization !== undefined ? 'Digest-AKAv1-MD5' : asked;
  return known.find((scheme) => wanted === 'Unknown' || wanted === scheme);
}

function grantDigest(
  { subscription }: User,
  { realm }: Pick<MultimediaAuthSurroundings, 'realm'>,
): Granted | undefined {
  const { digestCredential } = subscription;
  if (digestCredential === undefined) return undefined;
  return { authItems: [digestAuthDataOf(digestCredential, realm)], changed: subscription };
}

/** Only the S-CSCF that sent the challenge hands in AUTS (TS 29.228 6.3.1 step 4 and 8.1). */
function grantAka(
  { subscription }: User,
  request: MultimediaAuthRequest,
  surroundings: AkaSurroundings,
): Granted | undefined {
  const { akaCredential, sCscfName } = subscription;
  const isAnotherServer = request.sipAuthorization !== undefined && sCscfName !== request.serverName;
  if (akaCredential === undefined || isAnotherServer) return undefined;
  const made = akaAuthItems(akaCredential, request, surroundings);
  return made && { authItems: made.authItems, changed: { ...subscription, akaCredential: made.credential } };
}

/**
 * The S-CSCF that asks is the user's from now on, and an identity that is not registered is about to be. The flag of a
 * registered one stays as it is (TS 33.203 6.1.1, N.2.1.1).
 */
function withChallenger({ subscription, identity: { impu } }: User, sCscfName: string): Subscription {
  const identities = subscription.identities.map((identity) =>
    identity.impu === impu && identity.state !== 'registered' ? { ...identity, authPending: true } : identity,
  );
  return { ...subscription, sCscfName, identities };
}

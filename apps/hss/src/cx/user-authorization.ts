/**
 * User registration status query: UAR to UAA (TS 29.228 6.1.1.1), in the order of its steps.
 *
 * Step 1, identities that a third party manages (TS 23.228 U.2.1.4), does not arise: this HSS keeps every identity.
 *
 * @module
 */
import {
  baseResult,
  experimentalResult,
  type UserAuthorizationAnswer,
  type UserAuthorizationRequest,
} from '@wicgate/cx';
import { type Subscription, setOf } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { findUser, type Outcome, type User, unchanged } from './outcome.ts';

export async function userAuthorization(
  records: SubscriptionRecords,
  request: UserAuthorizationRequest,
  homeDomain: string,
): Promise<Outcome<UserAuthorizationAnswer>> {
  // Steps 2 to 4.
  const user = await findUser(records, request.impi, request.impu);
  if ('kind' in user) return unchanged(user);
  // Step 5.
  if (isBarred(user) && !request.emergencyRegistration) {
    return unchanged(baseResult('DIAMETER_AUTHORIZATION_REJECTED'));
  }
  // Step 6. A user who leaves may do so from anywhere.
  const mayRoam = request.emergencyRegistration || request.userAuthorizationType === 'DE_REGISTRATION';
  if (!mayRoam && !isAllowedNetwork(user.subscription, request.visitedNetworkIdentifier, homeDomain)) {
    return unchanged(experimentalResult('DIAMETER_ERROR_ROAMING_NOT_ALLOWED'));
  }
  // Step 7.
  switch (request.userAuthorizationType) {
    case 'REGISTRATION':
      return unchanged(whereToRegister(user.subscription));
    case 'DE_REGISTRATION':
      return unchanged(whereToDeregister(user));
    case 'REGISTRATION_AND_CAPABILITIES':
      return reassign(user.subscription);
  }
}

/** A barred identity registers only for the sake of another in its set. */
function isBarred({ subscription, identity }: User): boolean {
  return setOf(subscription, identity.implicitRegistrationSet).every(({ barred }) => barred);
}

function isAllowedNetwork(subscription: Subscription, visitedNetwork: string, homeDomain: string): boolean {
  const name = visitedNetwork.toLowerCase();
  return name === homeDomain || subscription.roamingNetworks.includes(name);
}

/** All identities of a subscription are served by one S-CSCF. */
function whereToRegister({ sCscfName, serverCapabilities }: Subscription): UserAuthorizationAnswer {
  return sCscfName === undefined
    ? { ...experimentalResult('DIAMETER_FIRST_REGISTRATION'), serverCapabilities }
    : { ...experimentalResult('DIAMETER_SUBSEQUENT_REGISTRATION'), serverName: sCscfName };
}

function whereToDeregister({ subscription, identity }: User): UserAuthorizationAnswer {
  const { sCscfName: serverName } = subscription;
  if (identity.state === 'not-registered' || serverName === undefined) {
    return experimentalResult('DIAMETER_ERROR_IDENTITY_NOT_REGISTERED');
  }
  return { ...baseResult('DIAMETER_SUCCESS'), serverName, serverCapabilities: undefined };
}

/** The assigned S-CSCF does not answer: whoever is selected instead may take over (TS 23.380 4.2). */
function reassign(subscription: Subscription): Outcome<UserAuthorizationAnswer> {
  const { serverCapabilities, sCscfName } = subscription;
  return {
    answer: { ...baseResult('DIAMETER_SUCCESS'), serverName: undefined, serverCapabilities },
    changed: sCscfName === undefined ? undefined : { ...subscription, reassignmentPending: true },
  };
}

/**
 * User registration status query: UAR to UAA (TS 29.228 6.1.1.1), in the order of its steps.
 *
 * @module
 */
import {
  baseResult,
  experimentalResult,
  type UserAuthorizationAnswer,
  type UserAuthorizationRequest,
} from '@wicgate/cx';
import { isRangeFull } from '../subscriptions/find-member.ts';
import { isSetBarred, type Subscription } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { findUser, type Outcome, type User, unchanged } from './outcome.ts';

export async function userAuthorization(
  records: SubscriptionRecords,
  request: UserAuthorizationRequest,
  homeDomain: string,
): Promise<Outcome<UserAuthorizationAnswer>> {
  // Steps 1 to 4.
  const user = await findUser(records, request.impi, request.impu);
  if ('kind' in user) return unchanged(user);
  // Step 5.
  const { implicitRegistrationSet } = user.identity;
  if (isSetBarred(user.subscription, implicitRegistrationSet) && !request.emergencyRegistration) {
    return unchanged(baseResult('DIAMETER_AUTHORIZATION_REJECTED'));
  }
  // Step 6. A user who leaves may do so from anywhere.
  const mayRoam = request.emergencyRegistration || request.userAuthorizationType === 'DE_REGISTRATION';
  if (!mayRoam && !isAllowedNetwork(user.subscription, request.visitedNetworkIdentifier, homeDomain)) {
    return unchanged(experimentalResult('DIAMETER_ERROR_ROAMING_NOT_ALLOWED'));
  }
  // As many of a range are registered as the operator lets be (TS 23.228 U.2.1.4).
  if (request.userAuthorizationType !== 'DE_REGISTRATION' && (await isRangeFull(records, user.subscription))) {
    return unchanged(baseResult('DIAMETER_AUTHORIZATION_REJECTED'));
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

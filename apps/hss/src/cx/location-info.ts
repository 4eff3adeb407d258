/**
 * User location query: LIR to LIA (TS 29.228 6.1.4.1).
 *
 * @module
 */
import { baseResult, experimentalResult, type LocationInfoAnswer, type LocationInfoRequest } from '@wicgate/cx';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { findByImpu, type Outcome, type User, unchanged } from './outcome.ts';

export async function locationInfo(
  records: SubscriptionRecords,
  request: LocationInfoRequest,
): Promise<Outcome<LocationInfoAnswer>> {
  const user = await findByImpu(records, request.impu);
  if ('kind' in user) return unchanged(experimentalResult('DIAMETER_ERROR_USER_UNKNOWN'));
  return request.userAuthorizationType === 'REGISTRATION_AND_CAPABILITIES' ? reassign(user) : unchanged(locate(user));
}

/** An identity that is not registered is served only where the subscription has services for that state. */
function locate({ subscription, identity }: User): LocationInfoAnswer {
  const { sCscfName: serverName, serverCapabilities, unregisteredServices } = subscription;
  if (identity.state === 'not-registered' && !unregisteredServices) {
    return experimentalResult('DIAMETER_ERROR_IDENTITY_NOT_REGISTERED');
  }
  return serverName === undefined
    ? { ...experimentalResult('DIAMETER_UNREGISTERED_SERVICE'), serverCapabilities }
    : { ...baseResult('DIAMETER_SUCCESS'), serverName, serverCapabilities: undefined };
}

/** As in a user registration status query: the assigned S-CSCF does not answer. */
function reassign({ subscription }: User): Outcome<LocationInfoAnswer> {
  const { serverCapabilities, sCscfName } = subscription;
  return {
    answer: { ...baseResult('DIAMETER_SUCCESS'), serverName: undefined, serverCapabilities },
    changed: sCscfName === undefined ? undefined : { ...subscription, reassignmentPending: true },
  };
}

/**
 * S-CSCF registration and deregistration notification: SAR to SAA (TS 29.228 6.1.2.1).
 *
 * @module
 */
import {
  baseResult,
  experimentalResult,
  type ServerAssignmentAnswer,
  type ServerAssignmentRequest,
  type ServerAssignmentType,
} from '@wicgate/cx';
import { isRangeFull } from '../subscriptions/find-member.ts';
import { profileOf, type Subscription, withoutIdleServer, withState } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';
import { type Assigned, findAssigned } from './find-assigned.ts';
import { type Outcome, unchanged } from './outcome.ts';

type Assign = (assigned: Assigned, request: ServerAssignmentRequest) => Outcome<ServerAssignmentAnswer>;

/** What each Server-Assignment-Type does. */
const assignments: Readonly<Record<ServerAssignmentType, Assign>> = {
  NO_ASSIGNMENT: onlyAssignedServer(downloadProfile),
  REGISTRATION: register,
  RE_REGISTRATION: register,
  UNREGISTERED_USER: serveUnregistered,
  TIMEOUT_DEREGISTRATION: onlyAssignedServer(deregister),
  USER_DEREGISTRATION: onlyAssignedServer(deregister),
  TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME: onlyAssignedServer(deregisterKeepingServer),
  USER_DEREGISTRATION_STORE_SERVER_NAME: onlyAssignedServer(deregisterKeepingServer),
  ADMINISTRATIVE_DEREGISTRATION: onlyAssignedServer(deregister),
  AUTHENTICATION_FAILURE: onlyAssignedServer(endAuthentication),
  AUTHENTICATION_TIMEOUT: onlyAssignedServer(endAuthentication),
  DEREGISTRATION_TOO_MUCH_DATA: onlyAssignedServer(deregister),
};

export async function serverAssignment(
  records: SubscriptionRecords,
  request: ServerAssignmentRequest,
): Promise<Outcome<ServerAssignmentAnswer>> {
  const assigned = await findAssigned(records, request);
  if ('kind' in assigned) return unchanged(assigned);
  if (isAssigning(request) && !(await mayBeServed(records, assigned, request))) {
    return unchanged(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
  }
  return assignments[request.serverAssignmentType](assigned, request);
}

function isAssigning({ serverAssignmentType }: ServerAssignmentRequest): boolean {
  return ['REGISTRATION', 'RE_REGISTRATION', 'UNREGISTERED_USER'].includes(serverAssignmentType);
}

/** A member of a range is served only as registered, and only so many are at a time (TS 23.228 U.2.1.4). */
async function mayBeServed(
  records: SubscriptionRecords,
  { subscription }: Assigned,
  { serverAssignmentType }: ServerAssignmentRequest,
): Promise<boolean> {
  if (subscription.range === undefined) return true;
  return serverAssignmentType !== 'UNREGISTERED_USER' && !(await isRangeFull(records, subscription));
}

/**
 * Registers the implicit set. The same S-CSCF may say so as often as it likes, also after it lost what it knew; another
 * one only while the assigned one is being replaced.
 */
function register(
  { subscription, impus }: Assigned,
  request: ServerAssignmentRequest,
): Outcome<ServerAssignmentAnswer> {
  if (isServedElsewhere(subscription, request)) {
    return unchanged(experimentalResult('DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED'));
  }
  const changed = withServer(withState(subscription, impus, 'registered'), request.serverName);
  return { answer: withProfile({ subscription: changed, impus }, request), changed };
}

function serveUnregistered(
  { subscription, impus }: Assigned,
  request: ServerAssignmentRequest,
): Outcome<ServerAssignmentAnswer> {
  if (isServedElsewhere(subscription, request)) {
    return unchanged(experimentalResult('DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED'));
  }
  const isRegistered = subscription.identities.some(
    ({ impu, state }) => impus.includes(impu) && state === 'registered',
  );
  if (isRegistered && !subscription.reassignmentPending) {
    return unchanged(experimentalResult('DIAMETER_ERROR_IN_ASSIGNMENT_TYPE'));
  }
  const changed = withServer(withState(subscription, impus, 'unregistered'), request.serverName);
  return { answer: withProfile({ subscription: changed, impus }, request), changed };
}

function downloadProfile(assigned: Assigned, request: ServerAssignmentRequest): Outcome<ServerAssignmentAnswer> {
  // Who is not served has no profile to download, except by its first S-CSCF's registration.
  if (assigned.subscription.sCscfName === undefined) return unchanged(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
  return unchanged(withProfile(assigned, request));
}

function deregister({ subscription, impus }: Assigned): Outcome<ServerAssignmentAnswer> {
  const changed = withoutIdleServer(withState(subscription, impus, 'not-registered'));
  return { answer: { ...baseResult('DIAMETER_SUCCESS'), ...withoutProfile(subscription) }, changed };
}

/** The name is worth keeping only where there are services for users who are not registered. */
function deregisterKeepingServer(assigned: Assigned): Outcome<ServerAssignmentAnswer> {
  const { subscription, impus } = assigned;
  if (subscription.unregisteredServices && subscription.sCscfName !== undefined) {
    const changed = withState(subscription, impus, 'unregistered');
    return { answer: { ...baseResult('DIAMETER_SUCCESS'), ...withoutProfile(subscription) }, changed };
  }
  const { changed } = deregister(assigned);
  const notStored = experimentalResult('DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED');
  return { answer: { ...notStored, ...withoutProfile(subscription) }, changed };
}

/** A failed authentication never takes a registration away (TS 33.203 6.1.1). */
function endAuthentication({ subscription, impus }: Assigned): Outcome<ServerAssignmentAnswer> {
  const identities = subscription.identities.map((identity) =>
    impus.includes(identity.impu) ? { ...identity, authPending: false } : identity,
  );
  const changed = withoutIdleServer({ ...subscription, identities });
  return { answer: { ...baseResult('DIAMETER_SUCCESS'), ...withoutProfile(subscription) }, changed };
}

/** Only the assigned S-CSCF may speak for the user; where none is assigned, there is nothing to take away. */
function onlyAssignedServer(assign: Assign): Assign {
  return (assigned, request) => {
    const { sCscfName } = assigned.subscription;
    return sCscfName === undefined || sCscfName === request.serverName
      ? assign(assigned, request)
      : unchanged(baseResult('DIAMETER_UNABLE_TO_COMPLY'));
  };
}

function isServedElsewhere(
  { sCscfName, reassignmentPending }: Subscription,
  { serverName }: ServerAssignmentRequest,
): boolean {
  return sCscfName !== undefined && sCscfName !== serverName && !reassignmentPending;
}

function withServer(subscription: Subscription, sCscfName: string): Subscription {
  return { ...subscription, sCscfName, reassignmentPending: false };
}

/** Profile and WAF and WWSF list go together (TS 29.228 6.6). */
function withProfile(
  { subscription, impus: [impu] }: Assigned,
  { userDataAlreadyAvailable }: ServerAssignmentRequest,
): ServerAssignmentAnswer {
  const { impi, identities, allowedWafWwsfIdentities } = subscription;
  const set = identities.find((identity) => identity.impu === impu)?.implicitRegistrationSet;
  if (userDataAlreadyAvailable || set === undefined) {
    return { ...baseResult('DIAMETER_SUCCESS'), ...withoutProfile(subscription) };
  }
  return {
    ...baseResult('DIAMETER_SUCCESS'),
    impi,
    userProfile: profileOf(subscription, set),
    allowedWafWwsfIdentities,
  };
}

function withoutProfile({ impi }: Subscription) {
  return { impi, userProfile: undefined, allowedWafWwsfIdentities: undefined };
}

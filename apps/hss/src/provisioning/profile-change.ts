/**
 * What an S-CSCF must hear when the data of a user it serves change (TS 29.228 6.2.2.1 and 6.5.2).
 *
 * @module
 */
import {
  type AllowedWafWwsfIdentities,
  type DeregistrationReasonCode,
  findDefaultImpu,
  type PushProfileRequest,
  type UserProfile,
} from '@wicgate/cx';
import { digestAuthDataOf } from '../subscriptions/digest-auth-data.ts';
import {
  findIdentity,
  hasOtherKeys,
  profileOf,
  type Subscription,
  setNumbers,
  setOf,
  withoutIdleServer,
  withState,
} from '../subscriptions/subscription.ts';

export interface DeregisteredSet {
  /** The identities that the set had. */
  readonly impus: readonly string[];
  readonly reasonCode: DeregistrationReasonCode;
}

export interface ProfileChange {
  /** To be stored: `after`, with the sets that must register anew no longer registered. */
  readonly subscription: Subscription;
  readonly deregistered: readonly DeregisteredSet[];
  /** Profiles to push. */
  readonly pushed: readonly PushProfileRequest[];
}

interface Change {
  readonly before: Subscription;
  readonly after: Subscription;
}

/**
 * Compares what was stored with what shall be. `realm` is that of SIP Digest.
 *
 * A push can neither take an identity out of a registered set nor change its default: such a set is deregistered. So is
 * who loses the credential that may have been proven: what an S-CSCF holds of it must not be good for anything any
 * more. Who is challenged and not registered is told of a new password in the same way (TS 33.203 N.2.5 NOTE 6).
 */
export function compareProfiles(before: Subscription, after: Subscription, realm: string): ProfileChange {
  const deregistered: DeregisteredSet[] = [];
  const pushed: PushProfileRequest[] = [];
  const loss = findCredentialLoss({ before, after });
  const isOutdated = loss !== undefined || !isSame(before.digestCredential, after.digestCredential);
  let subscription = after;
  let isServed = false;
  for (const set of setNumbers(before)) {
    const members = setOf(before, set);
    const isRegistered = members[0]?.state !== 'not-registered';
    if (!isRegistered && !(isOutdated && members.some(({ authPending }) => authPending))) continue;
    const [old, current] = [profileOf(before, set), profileOf(after, set)];
    const reasonCode = loss ?? (isRegistered ? findReason(old, current, after) : 'SERVER_CHANGE');
    if (reasonCode === undefined) {
      isServed = true;
      pushed.push(...pushFor({ before, after, old, current }));
    } else {
      deregistered.push({ impus: members.map(({ impu }) => impu), reasonCode });
      const kept = current.implicitRegistrationSet.map(({ impu }) => impu);
      subscription = withState(subscription, kept, 'not-registered');
    }
  }
  return {
    subscription: withoutIdleServer(subscription),
    deregistered,
    pushed: isServed ? withAuthData(pushed, { before, after }, realm) : [],
  };
}

/** Why the registrations of a user end who has no longer what they were authenticated by. */
function findCredentialLoss({ before, after }: Change): DeregistrationReasonCode | undefined {
  const [{ digestCredential, akaCredential: oldAka }, { akaCredential: aka }] = [before, after];
  const isTakenAway = digestCredential !== undefined && after.digestCredential === undefined;
  if (isTakenAway || (oldAka !== undefined && aka === undefined)) return 'PERMANENT_TERMINATION';
  return oldAka !== undefined && aka !== undefined && hasOtherKeys(oldAka, aka) ? 'SERVER_CHANGE' : undefined;
}

/** Why the set cannot stay registered; undefined where it can. Who is barred or gone need not try again. */
function findReason(old: UserProfile, current: UserProfile, after: Subscription): DeregistrationReasonCode | undefined {
  const remaining = new Set(current.implicitRegistrationSet.map(({ impu }) => impu));
  const isSmaller = old.implicitRegistrationSet.some(({ impu }) => !remaining.has(impu));
  if (!isSmaller && findDefaultImpu(old) === findDefaultImpu(current)) return undefined;
  const mayTryAgain = old.implicitRegistrationSet.some(
    ({ impu }) => findIdentity(after, impu)?.barred === false && !after.barred,
  );
  return mayTryAgain ? 'SERVER_CHANGE' : 'PERMANENT_TERMINATION';
}

/** Only what changed is sent; to take a list away is to send an empty one. */
function pushFor({
  before,
  after,
  old,
  current,
}: Change & Record<'old' | 'current', UserProfile>): PushProfileRequest[] {
  const list: AllowedWafWwsfIdentities = after.allowedWafWwsfIdentities ?? { wafNames: [], wwsfNames: [] };
  const userProfile = isSame(old, current) ? undefined : current;
  const allowedWafWwsfIdentities = isSame(before.allowedWafWwsfIdentities, after.allowedWafWwsfIdentities)
    ? undefined
    : list;
  if (userProfile === undefined && allowedWafWwsfIdentities === undefined) return [];
  return [{ impi: after.impi, userProfile, allowedWafWwsfIdentities, authData: undefined }];
}

/**
 * A new password goes with the first push, and with that one only: it is the user's, not the set's, and an S-CSCF that
 * got it twice would forget the old one too early (TS 33.203 N.2.5).
 */
function withAuthData(
  pushed: readonly PushProfileRequest[],
  { before, after }: Change,
  realm: string,
): readonly PushProfileRequest[] {
  const { digestCredential } = after;
  const isNew = before.digestCredential !== undefined && !isSame(before.digestCredential, digestCredential);
  if (digestCredential === undefined || !isNew) return pushed;
  const [first, ...others] = pushed;
  const bare = { impi: after.impi, userProfile: undefined, allowedWafWwsfIdentities: undefined };
  return [{ ...bare, ...first, authData: digestAuthDataOf(digestCredential, realm) }, ...others];
}

/** Both come from the same code, so their fields are in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

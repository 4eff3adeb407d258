/**
 * What an S-CSCF must hear when the data of a user it serves change (TS 29.228 6.2.2.1 and 6.5.2).
 *
 * @module
 */
import { type AllowedWafWwsfIdentities, findDefaultImpu, type PushProfileRequest, type UserProfile } from '@wicgate/cx';
import {
  profileOf,
  type Subscription,
  setNumbers,
  setOf,
  withoutIdleServer,
  withState,
} from '../subscriptions/subscription.ts';

export interface ProfileChange {
  /** To be stored: `after`, with the sets that must register anew no longer registered. */
  readonly subscription: Subscription;
  /** Sets to deregister, each with the identities it had. */
  readonly deregistered: readonly (readonly string[])[];
  /** Profiles to push. */
  readonly pushed: readonly PushProfileRequest[];
}

/**
 * Compares what was stored with what shall be.
 *
 * A push can neither take an identity out of a registered set nor change its default: such a set is deregistered.
 */
export function compareProfiles(before: Subscription, after: Subscription): ProfileChange {
  const deregistered: (readonly string[])[] = [];
  const pushed: PushProfileRequest[] = [];
  let subscription = after;
  for (const set of setNumbers(before)) {
    const members = setOf(before, set);
    if (members[0]?.state === 'not-registered') continue;
    const [old, current] = [profileOf(before, set), profileOf(after, set)];
    if (needsDeregistration(old, current)) {
      deregistered.push(members.map(({ impu }) => impu));
      const kept = current.implicitRegistrationSet.map(({ impu }) => impu);
      subscription = withState(subscription, kept, 'not-registered');
    } else {
      pushed.push(...pushFor({ before, after, old, current }));
    }
  }
  return { subscription: withoutIdleServer(subscription), deregistered, pushed };
}

function needsDeregistration(old: UserProfile, current: UserProfile): boolean {
  const remaining = new Set(current.implicitRegistrationSet.map(({ impu }) => impu));
  const isSmaller = old.implicitRegistrationSet.some(({ impu }) => !remaining.has(impu));
  return isSmaller || findDefaultImpu(old) !== findDefaultImpu(current);
}

/** Only what changed is sent; to take a list away is to send an empty one. */
function pushFor({
  before,
  after,
  old,
  current,
}: Record<'before' | 'after', Subscription> & Record<'old' | 'current', UserProfile>): PushProfileRequest[] {
  const list: AllowedWafWwsfIdentities = after.allowedWafWwsfIdentities ?? { wafNames: [], wwsfNames: [] };
  const userProfile = isSame(old, current) ? undefined : current;
  const allowedWafWwsfIdentities = isSame(before.allowedWafWwsfIdentities, after.allowedWafWwsfIdentities)
    ? undefined
    : list;
  if (userProfile === undefined && allowedWafWwsfIdentities === undefined) return [];
  return [{ impi: after.impi, userProfile, allowedWafWwsfIdentities }];
}

/** Both come from the same code, so their fields are in the same order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

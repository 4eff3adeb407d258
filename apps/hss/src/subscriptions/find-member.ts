/**
 * Members of ranges: users who exist without being stored (TS 23.228 U.2.1.4).
 *
 * @module
 */
import { findRun, memberOf } from './identity-range.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionRecords } from './subscription-store.ts';

/**
 * The member that has this identity and is not stored; undefined where no range has it.
 *
 * A range covers nothing of a stored subscription: neither the private nor the public identity may be stored.
 */
export async function findMember(
  records: SubscriptionRecords,
  kind: 'impi' | 'impu',
  identity: string,
): Promise<Subscription | undefined> {
  for (const range of await records.ranges.list()) {
    const run = findRun(range[kind], identity);
    if (run === undefined) continue;
    const member = memberOf(range, run);
    return member !== undefined && (await isStored(records, member)) ? undefined : member;
  }
  return undefined;
}

/** Whether the range of this member, which is not served yet, has as many that are as it may have. */
export async function isRangeFull(records: SubscriptionRecords, { impi, range }: Subscription): Promise<boolean> {
  if (range === undefined || (await records.find(impi)) !== undefined) return false;
  const limit = (await records.ranges.find(range))?.maxRegistered ?? 0;
  return (await records.ranges.countMembers(range)) >= limit;
}

async function isStored(records: SubscriptionRecords, { impi, identities }: Subscription): Promise<boolean> {
  if ((await records.find(impi)) !== undefined) return true;
  for (const { impu } of identities) {
    if ((await records.findOwner(impu)) !== undefined) return true;
  }
  return false;
}

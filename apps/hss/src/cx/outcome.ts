/**
 * What a Cx procedure comes to, and how it finds the user it is about.
 *
 * @module
 */
import { type ExperimentalResult, experimentalResult } from '@wicgate/cx';
import { findMember } from '../subscriptions/find-member.ts';
import { canonicalImpi, findCanonicalImpu } from '../subscriptions/identities.ts';
import { findIdentity, type Identity, type Subscription } from '../subscriptions/subscription.ts';
import type { SubscriptionRecords } from '../subscriptions/subscription-store.ts';

export interface Outcome<Answer> {
  readonly answer: Answer;
  /** To be stored; undefined leaves everything as it is. */
  readonly changed: Subscription | undefined;
}

/** An answer that changes nothing. */
export function unchanged<Answer>(answer: Answer): Outcome<Answer> {
  return { answer, changed: undefined };
}

export interface User {
  readonly subscription: Subscription;
  readonly identity: Identity;
}

export type NoUser = ExperimentalResult<'DIAMETER_ERROR_USER_UNKNOWN' | 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH'>;

/**
 * The user whom both identities name: both exist, and belong together (TS 29.228 6.1.1.1 steps 1 to 4).
 *
 * Where a third party manages the identities, whether they exist is not checked: they are of its range, as one pair.
 */
export async function findUser(records: SubscriptionRecords, impi: string, impu: string): Promise<User | NoUser> {
  const subscription = await findSubscription(records, impi);
  const owner = await findByImpu(records, impu);
  if (subscription === undefined || 'kind' in owner) return experimentalResult('DIAMETER_ERROR_USER_UNKNOWN');
  if (owner.subscription.impi !== subscription.impi) return experimentalResult('DIAMETER_ERROR_IDENTITIES_DONT_MATCH');
  return owner;
}

export async function findSubscription(records: SubscriptionRecords, impi: string): Promise<Subscription | undefined> {
  const canonical = canonicalImpi(impi);
  if (canonical === undefined) return undefined;
  return (await records.find(canonical)) ?? (await findMember(records, 'impi', canonical));
}

export async function findByImpu(records: SubscriptionRecords, impu: string): Promise<User | NoUser> {
  const canonical = findCanonicalImpu(impu);
  if (canonical === undefined) return experimentalResult('DIAMETER_ERROR_USER_UNKNOWN');
  const impi = await records.findOwner(canonical);
  const subscription = await (impi === undefined ? findMember(records, 'impu', canonical) : records.find(impi));
  const identity = subscription && findIdentity(subscription, canonical);
  if (subscription === undefined || identity === undefined) return experimentalResult('DIAMETER_ERROR_USER_UNKNOWN');
  return { subscription, identity };
}

/**
 * Cases of server assignment: a user with two implicit registration sets, what is asked, and what comes of it.
 *
 * @module
 */
import type { ServerAssignmentAnswer } from '@wicgate/cx';
import { expect } from 'vitest';
import { type ExpectedAnswer, sCscfName, startTestHss, subscriptionOf, type TestHss } from './test-hss.ts';

export const alice = 'alice@ims.example';
export const sip = 'sip:alice@ims.example';
export const tel = 'tel:+491701234567';
export const work = 'sip:work@ims.example';
export const hidden = 'sip:hidden@ims.example';

export const create = (hss: TestHss) =>
  hss.subscriptions.create(
    subscriptionOf('alice', {
      impus: [{ impu: sip }, { impu: tel }, { impu: hidden, barred: true }, { impu: work, implicitRegistrationSet: 1 }],
      allowedWafWwsfIdentities: { wafNames: ['waf.partner.example'], wwsfNames: [] },
    }),
  );
export const createServiced = (hss: TestHss) =>
  hss.subscriptions.create(subscriptionOf('alice', { unregisteredServices: true }));
export const register = async (hss: TestHss) => {
  await create(hss);
  await hss.sar('alice', 'REGISTRATION');
};
export const registerServiced = async (hss: TestHss) => {
  await createServiced(hss);
  await hss.sar('alice', 'REGISTRATION');
};
/** As after a MAR that gave out vectors. */
export const challenge = (hss: TestHss) =>
  hss.seed(alice, (subscription) => ({
    ...subscription,
    sCscfName,
    identities: subscription.identities.map((identity) => ({ ...identity, authPending: identity.impu === sip })),
  }));

/** States in the order of the identities, then the S-CSCF. */
export async function states(hss: TestHss): Promise<readonly (string | undefined)[]> {
  const subscription = await hss.subscriptions.find(alice);
  return [...(subscription?.identities.map(({ state }) => state) ?? []), subscription?.sCscfName];
}

export const none = 'not-registered';
export const success = { kind: 'result', name: 'DIAMETER_SUCCESS' };
export const unable = { kind: 'result', name: 'DIAMETER_UNABLE_TO_COMPLY' };
export const taken = { kind: 'experimental', name: 'DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED' };
export const unknown = { kind: 'experimental', name: 'DIAMETER_ERROR_USER_UNKNOWN' };
export const mismatch = { kind: 'experimental', name: 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH' };
export const missing = { kind: 'result', name: 'DIAMETER_MISSING_AVP' };
export const profile = {
  impi: alice,
  implicitRegistrationSet: [
    { impu: sip, barred: false },
    { impu: tel, barred: false },
    { impu: hidden, barred: true },
  ],
};

export interface AssignmentCase {
  readonly when: string;
  readonly given: (hss: TestHss) => Promise<unknown>;
  readonly ask: (hss: TestHss) => Promise<ServerAssignmentAnswer>;
  readonly expected: ExpectedAnswer;
  readonly stored: readonly (string | undefined)[];
}

export const registeredSet = ['registered', 'registered', 'registered', none, sCscfName];
export const noneRegistered = [none, none, none, none, undefined];

/** Drives one case on an HSS of its own. */
export async function drive({ given, ask, expected, stored }: AssignmentCase): Promise<void> {
  const hss = await startTestHss();
  await given(hss);
  expect(await ask(hss)).toMatchObject(expected);
  expect(await states(hss)).toEqual(stored);
}

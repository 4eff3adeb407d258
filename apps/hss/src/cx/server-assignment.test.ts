import { describe, expect, it } from 'vitest';
import {
  type AssignmentCase,
  alice,
  create,
  drive,
  hidden,
  mismatch,
  missing,
  none,
  noneRegistered,
  profile,
  register,
  registeredSet,
  sip,
  states,
  success,
  taken,
  tel,
  unable,
  unknown,
  work,
} from '../testing/assignment-cases.ts';
import { otherSCscfName, sCscfName, startTestHss, subscriptionOf } from '../testing/test-hss.ts';

const wholeSets: readonly AssignmentCase[] = [
  {
    when: 'the set moves, profile and list come too',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION'),
    expected: {
      ...success,
      impi: alice,
      userProfile: profile,
      allowedWafWwsfIdentities: { wafNames: ['waf.partner.example'], wwsfNames: [] },
    },
    stored: registeredSet,
  },
  {
    when: 'by its second identity: profile the same',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { impus: [hidden] }),
    expected: { ...success, userProfile: profile },
    stored: registeredSet,
  },
];

const atHand: readonly AssignmentCase[] = [
  {
    when: 'profile at hand already: not sent again',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { userDataAlreadyAvailable: true }),
    expected: { ...success, impi: alice, userProfile: undefined, allowedWafWwsfIdentities: undefined },
    stored: registeredSet,
  },
];

const registrations: readonly AssignmentCase[] = [
  {
    when: 'REGISTRATION again by the same S-CSCF, as after it lost everything',
    given: register,
    ask: (hss) => hss.sar('alice', 'REGISTRATION'),
    expected: { ...success, userProfile: profile },
    stored: registeredSet,
  },
  {
    when: 'RE_REGISTRATION by the same S-CSCF',
    given: register,
    ask: (hss) => hss.sar('alice', 'RE_REGISTRATION'),
    expected: success,
    stored: registeredSet,
  },
  {
    when: 'REGISTRATION by another S-CSCF',
    given: register,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { serverName: otherSCscfName }),
    expected: taken,
    stored: registeredSet,
  },
  {
    when: 'RE_REGISTRATION of another set by another S-CSCF',
    given: register,
    ask: (hss) => hss.sar('alice', 'RE_REGISTRATION', { impus: [work], serverName: otherSCscfName }),
    expected: taken,
    stored: registeredSet,
  },
  {
    when: 'REGISTRATION by another S-CSCF after the I-CSCF asked for one',
    given: async (hss) => {
      await register(hss);
      await hss.uar('alice', { userAuthorizationType: 'REGISTRATION_AND_CAPABILITIES' });
    },
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { serverName: otherSCscfName }),
    expected: success,
    stored: ['registered', 'registered', 'registered', none, otherSCscfName],
  },
  {
    when: 'UNREGISTERED_USER: a call for who is not registered',
    given: create,
    ask: (hss) => hss.sar('alice', 'UNREGISTERED_USER', { impi: undefined }),
    expected: { ...success, impi: alice, userProfile: profile },
    stored: ['unregistered', 'unregistered', 'unregistered', none, sCscfName],
  },
  {
    when: 'UNREGISTERED_USER for a registered one',
    given: register,
    ask: (hss) => hss.sar('alice', 'UNREGISTERED_USER'),
    expected: { kind: 'experimental', name: 'DIAMETER_ERROR_IN_ASSIGNMENT_TYPE' },
    stored: registeredSet,
  },
  {
    when: 'UNREGISTERED_USER by another S-CSCF',
    given: register,
    ask: (hss) => hss.sar('alice', 'UNREGISTERED_USER', { serverName: otherSCscfName }),
    expected: taken,
    stored: registeredSet,
  },
  {
    when: 'NO_ASSIGNMENT by the assigned S-CSCF: the profile, nothing else',
    given: register,
    ask: (hss) => hss.sar('alice', 'NO_ASSIGNMENT', { impi: undefined }),
    expected: { ...success, userProfile: profile },
    stored: registeredSet,
  },
  {
    when: 'NO_ASSIGNMENT by another S-CSCF',
    given: register,
    ask: (hss) => hss.sar('alice', 'NO_ASSIGNMENT', { serverName: otherSCscfName }),
    expected: unable,
    stored: registeredSet,
  },
  {
    when: 'NO_ASSIGNMENT where no S-CSCF is assigned',
    given: create,
    ask: (hss) => hss.sar('alice', 'NO_ASSIGNMENT'),
    expected: unable,
    stored: noneRegistered,
  },
];

const misformed: readonly AssignmentCase[] = [
  {
    when: 'the private identity is unknown',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { impi: 'nobody@ims.example' }),
    expected: unknown,
    stored: noneRegistered,
  },
  {
    when: 'the public identity is unknown',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { impus: ['sip:nobody@ims.example'] }),
    expected: unknown,
    stored: noneRegistered,
  },
  {
    when: 'the identities belong to two users',
    given: async (hss) => [await create(hss), await hss.subscriptions.create(subscriptionOf('bob'))],
    ask: (hss) => hss.sar('bob', 'REGISTRATION', { impus: [sip] }),
    expected: mismatch,
    stored: noneRegistered,
  },
  {
    when: 'identities to deregister belong to two users',
    given: async (hss) => [await register(hss), await hss.subscriptions.create(subscriptionOf('bob'))],
    ask: (hss) => hss.sar('x', 'USER_DEREGISTRATION', { impi: undefined, impus: [sip, 'sip:bob@ims.example'] }),
    expected: mismatch,
    stored: registeredSet,
  },
  {
    when: 'REGISTRATION names two identities',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { impus: [sip, tel] }),
    expected: { kind: 'result', name: 'DIAMETER_AVP_OCCURS_TOO_MANY_TIMES' },
    stored: noneRegistered,
  },
  {
    when: 'a deregistration names more identities than anyone has',
    given: register,
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION', { impus: Array<string>(257).fill(sip) }),
    expected: { kind: 'result', name: 'DIAMETER_AVP_OCCURS_TOO_MANY_TIMES' },
    stored: registeredSet,
  },
  {
    when: 'REGISTRATION names no public identity',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { impus: [] }),
    expected: missing,
    stored: noneRegistered,
  },
  {
    when: 'REGISTRATION names no private identity',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { impi: undefined }),
    expected: missing,
    stored: noneRegistered,
  },
  {
    when: 'a deregistration names nobody',
    given: register,
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION', { impi: undefined, impus: [] }),
    expected: missing,
    stored: registeredSet,
  },
  {
    when: 'the S-CSCF has no name',
    given: create,
    ask: (hss) => hss.sar('alice', 'REGISTRATION', { serverName: '' }),
    expected: missing,
    stored: noneRegistered,
  },
];

describe('Server assignment', () => {
  it.each([...registrations, ...misformed])('[TS 29.228 6.1.2.1] [HSS 6] $expected.name: $when', drive);
  it.each(wholeSets)('[TS 29.228 6.5.1.1] [X.3.2.3-6.1] [U.2-7] [HSS 7] [HSS 8] $expected.name: $when', drive);
  it.each(atHand)('[TS 29.228 6.6] [X.3.2.3-6.1] [U.2-7] [HSS 11] $expected.name: $when', drive);

  it('[TS 29.228 6.1.2.1] [HSS 6] lets one of two S-CSCFs win, however close they come', async () => {
    const hss = await startTestHss();
    await create(hss);
    const names = [sCscfName, otherSCscfName, sCscfName, otherSCscfName, sCscfName, otherSCscfName];
    const answers = await Promise.all(names.map((serverName) => hss.sar('alice', 'REGISTRATION', { serverName })));
    const winners = names.filter((_name, index) => answers[index]?.name === 'DIAMETER_SUCCESS');
    expect(new Set(winners).size).toBe(1);
    expect(winners).toHaveLength(3);
    expect((await states(hss)).at(-1)).toBe(winners[0]);
  });

  it('[TS 29.228 6.1.2.1] [HSS 6] keeps registrations over restarts of the HSS, and takes them again from the same S-CSCF', async () => {
    const before = await startTestHss();
    await register(before);
    await before.stop();
    const hss = await startTestHss(before.file);
    await expect(states(hss)).resolves.toEqual(registeredSet);
    await expect(hss.uar('alice')).resolves.toMatchObject({ serverName: sCscfName });
    await expect(hss.sar('alice', 'REGISTRATION')).resolves.toMatchObject({ ...success, userProfile: profile });
    await expect(hss.sar('alice', 'RE_REGISTRATION')).resolves.toMatchObject(success);
  });

  it('[TS 29.228 6.6] [HSS 8] has no list to send for who has none', async () => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('bob'));
    await expect(hss.sar('bob', 'REGISTRATION')).resolves.toMatchObject({ allowedWafWwsfIdentities: undefined });
  });
});

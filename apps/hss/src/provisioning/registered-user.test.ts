import { baseResult } from '@wicgate/cx';
import { createHa1 } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import { sCscfName, startTestHss, subscriptionOf, type TestHss, TestSCscf } from '../testing/test-hss.ts';
import type { ChangeInput, SubscriptionInput } from './subscription-input.ts';

const impi = 'dora@ims.example';
const sip = 'sip:dora@ims.example';
const tel = 'tel:+491701234567';
const work = 'sip:work@ims.example';
const workSet = { impu: work, implicitRegistrationSet: 1 };
const impus = [{ impu: sip }, { impu: tel }, workSet];
const aka = { k: '1'.repeat(32), opc: '2'.repeat(32) };
const permanent = 'PERMANENT_TERMINATION';

/** Dora, both sets registered, and an S-CSCF that listens. */
async function startRegistered(
  part: Partial<SubscriptionInput> = {},
): Promise<{ readonly hss: TestHss; readonly sCscf: TestSCscf }> {
  const hss = await startTestHss();
  const sCscf = new TestSCscf();
  hss.transport.attachSCscf(sCscfName, sCscf);
  await hss.subscriptions.create(subscriptionOf('dora', { impus, digest: { password: 'old' }, ...part }));
  await hss.sar('dora', 'REGISTRATION');
  await hss.sar('dora', 'REGISTRATION', { impus: [work] });
  return { hss, sCscf };
}

const authDataOf = (password: string) => {
  const secret = { username: impi, realm: 'ims.example', password };
  const alternates = [{ algorithm: 'SHA-256', ha1: createHa1('SHA-256', secret) }];
  const plain = { scheme: 'SIP Digest', realm: 'ims.example', qop: 'auth', algorithm: 'MD5' };
  return { ...plain, ha1: createHa1('MD5', secret), alternates };
};

const statesOf = async (hss: TestHss) => (await hss.subscriptions.find(impi))?.identities.map(({ state }) => state);

describe('A new password of a registered user', () => {
  it('[N.2.5] [HSS 9] [TS 29.228 6.5.2.4] is pushed at once, as H(A1)s, once for all sets', async () => {
    const { hss, sCscf } = await startRegistered();
    const { notifications } = await hss.subscriptions.change(impi, { digest: { password: 'new' } });
    expect(sCscf.pushes).toEqual([
      { impi, userProfile: undefined, allowedWafWwsfIdentities: undefined, authData: authDataOf('new') },
    ]);
    expect(notifications).toMatchObject([{ command: 'PPR', result: 'DIAMETER_SUCCESS' }]);
    expect(sCscf.terminations).toEqual([]);
    await expect(statesOf(hss)).resolves.toEqual(['registered', 'registered', 'registered']);
  });

  it('[N.2.5] [HSS 9] goes with the first of the pushes for other changes', async () => {
    const { hss, sCscf } = await startRegistered();
    const allowedWafWwsfIdentities = { wafNames: ['waf.partner.example'], wwsfNames: [] };
    await hss.subscriptions.change(impi, { digest: { password: 'new' }, allowedWafWwsfIdentities });
    expect(sCscf.pushes).toEqual([
      { impi, userProfile: undefined, allowedWafWwsfIdentities, authData: authDataOf('new') },
      { impi, userProfile: undefined, allowedWafWwsfIdentities, authData: undefined },
    ]);
  });

  it.each<[string, ChangeInput]>([
    ['the same password', { digest: { password: 'old' } }],
    ['something else', { roamingNetworks: ['visited.example'] }],
  ])('[N.2.5] [HSS 9] is none, where %s is given', async (_what, change) => {
    const { hss, sCscf } = await startRegistered();
    await hss.subscriptions.change(impi, change);
    expect(sCscf.pushes).toEqual([]);
  });

  it('[N.2.5] [HSS 9] is not pushed to anyone where no S-CSCF serves the user', async () => {
    const { hss, sCscf } = await startRegistered();
    await hss.sar('dora', 'USER_DEREGISTRATION', { impus: [] });
    await expect(hss.subscriptions.change(impi, { digest: { password: 'new' } })).resolves.toMatchObject({
      notifications: [],
    });
    expect(sCscf.pushes).toEqual([]);
  });

  it('[N.2.5] [HSS 9] is stored also where the S-CSCF does not answer', async () => {
    const { hss } = await startRegistered();
    hss.transport.attachSCscf(sCscfName, new TestSCscf())();
    const { notifications } = await hss.subscriptions.change(impi, { digest: { password: 'new' } });
    expect(notifications).toMatchObject([{ result: 'ERR_CX_PEER_UNREACHABLE' }]);
    const { md5 } = (await hss.subscriptions.find(impi))?.digestCredential ?? {};
    expect(md5).toBe(authDataOf('new').ha1);
    expect(hss.log.join('')).not.toContain(md5);
  });

  it.each<[string, Partial<SubscriptionInput>, ChangeInput, string]>([
    ['a password that is taken away', {}, { digest: null }, permanent],
    ['an ISIM that is taken away', { aka }, { aka: null }, permanent],
    ['another K', { aka }, { aka: { ...aka, k: '3'.repeat(32) } }, 'SERVER_CHANGE'],
  ])(
    '[N.2.5] ends the registrations where it is %s: no S-CSCF goes on with the old one',
    async (_what, part, change, why) => {
      const { hss, sCscf } = await startRegistered(part);
      await hss.subscriptions.change(impi, change);
      expect(sCscf.terminations).toMatchObject([{ impi, impus: [sip, tel, work], reasonCode: why }]);
      expect(sCscf.pushes).toEqual([]);
      await expect(statesOf(hss)).resolves.not.toContain('registered');
    },
  );

  it.each<[string, Partial<SubscriptionInput>, ChangeInput, string]>([
    ['of another password', {}, { digest: { password: 'new' } }, 'SERVER_CHANGE'],
    ['that the password is taken away', {}, { digest: null }, permanent],
    ['of another K', { aka, digest: null }, { aka: { ...aka, k: '3'.repeat(32) } }, 'SERVER_CHANGE'],
  ])('[N.2.5 NOTE 6] the S-CSCF that is challenging the user hears %s', async (_what, part, change, why) => {
    const { hss, sCscf } = await startRegistered(part);
    await hss.sar('dora', 'USER_DEREGISTRATION');
    await hss.sar('dora', 'USER_DEREGISTRATION', { impus: [work] });
    await hss.subscriptions.change(impi, { roamingNetworks: ['visited.example'] });
    const asked = { numberOfAuthItems: 1, sipAuthenticationScheme: 'Unknown', sipAuthorization: undefined } as const;
    await hss.transport.hss.multimediaAuth({ impi, impu: sip, serverName: sCscfName, ...asked });
    await hss.subscriptions.change(impi, change);
    expect(sCscf.terminations).toMatchObject([{ impi, impus: [sip, tel], reasonCode: why }]);
    expect((await hss.subscriptions.find(impi))?.identities.some(({ authPending }) => authPending)).toBe(false);
  });

  it('[6.1.1] a new AMF or sequence number of the same K is nothing an S-CSCF hears of', async () => {
    const { hss, sCscf } = await startRegistered({ aka });
    await hss.subscriptions.change(impi, { aka: { ...aka, amf: '0000', sqn: '000000001000' } });
    expect([sCscf.pushes, sCscf.terminations]).toEqual([[], []]);
  });
});

describe('Barring', () => {
  it('[TS 29.228 6.1.3] of the whole subscription ends all registrations, and none begins until it is lifted', async () => {
    const { hss, sCscf } = await startRegistered();
    await hss.subscriptions.change(impi, { barred: true });
    expect(sCscf.terminations).toMatchObject([{ impi, impus: [sip, tel, work], reasonCode: permanent }]);
    await expect(statesOf(hss)).resolves.not.toContain('registered');
    await expect(hss.uar('dora')).resolves.toEqual(baseResult('DIAMETER_AUTHORIZATION_REJECTED'));
    const { subscription } = await hss.subscriptions.change(impi, { barred: false });
    expect(subscription.identities.map(({ barred }) => barred)).toEqual([false, false, false]);
    await expect(hss.uar('dora')).resolves.toMatchObject({ name: 'DIAMETER_FIRST_REGISTRATION' });
  });

  it('[TS 29.228 6.1.3] of the only identity of a set ends that registration; the other set stays', async () => {
    const { hss, sCscf } = await startRegistered();
    await hss.subscriptions.change(impi, { impus: [{ impu: sip }, { impu: tel }, { ...workSet, barred: true }] });
    expect(sCscf.terminations).toMatchObject([{ impi, impus: [work], reasonCode: permanent }]);
    await expect(statesOf(hss)).resolves.toEqual(['registered', 'registered', 'not-registered']);
    await expect(hss.uar('dora', { impu: work })).resolves.toEqual(baseResult('DIAMETER_AUTHORIZATION_REJECTED'));
  });

  it('[TS 29.228 6.5.2.2] [HSS 7] of the default identity ends the registration of its set, which may register anew', async () => {
    const { hss, sCscf } = await startRegistered();
    await hss.subscriptions.change(impi, { impus: [{ impu: sip, barred: true }, { impu: tel }, workSet] });
    expect(sCscf.terminations).toMatchObject([{ impus: [sip, tel], reasonCode: 'SERVER_CHANGE' }]);
    await expect(hss.uar('dora')).resolves.toMatchObject({ name: 'DIAMETER_SUBSEQUENT_REGISTRATION' });
  });

  it('[TS 29.228 6.1.3] tells each set why it ends', async () => {
    const { hss, sCscf } = await startRegistered();
    await hss.subscriptions.change(impi, { impus: [{ impu: sip }, { ...workSet, barred: true }] });
    expect(sCscf.terminations.map((request) => [request.impus, request.reasonCode])).toEqual([
      [[sip, tel], 'SERVER_CHANGE'],
      [[work], permanent],
    ]);
  });
});

describe('An emergency registration', () => {
  const pair = { impi, impu: work };

  it('[TS 29.228 6.1.3.1] [S-CSCF 15] survives the end of the others, with its implicit set', async () => {
    const { hss, sCscf } = await startRegistered();
    const answer = baseResult('DIAMETER_LIMITED_SUCCESS');
    sCscf.terminationAnswer = { ...answer, identitiesWithEmergencyRegistration: [pair] };
    const { subscription, notifications } = await hss.subscriptions.deregister(impi);
    expect(notifications).toMatchObject([{ command: 'RTR', result: 'DIAMETER_LIMITED_SUCCESS' }]);
    expect(subscription).toMatchObject({ sCscfName });
    await expect(statesOf(hss)).resolves.toEqual(['not-registered', 'not-registered', 'registered']);
  });

  it('[TS 29.228 6.1.3.1] survives barring, where all that is registered is for an emergency', async () => {
    const { hss, sCscf } = await startRegistered();
    const identitiesWithEmergencyRegistration = [pair, { impi, impu: sip }];
    sCscf.terminationAnswer = { ...baseResult('DIAMETER_UNABLE_TO_COMPLY'), identitiesWithEmergencyRegistration };
    const { subscription } = await hss.subscriptions.change(impi, { barred: true });
    expect(subscription.identities.map(({ state }) => state)).toEqual(['registered', 'registered', 'registered']);
    await hss.sar('dora', 'TIMEOUT_DEREGISTRATION', { impus: [] });
    await expect(statesOf(hss)).resolves.not.toContain('registered');
  });

  it.each<[string, object, 'PERMANENT_TERMINATION' | 'SERVER_CHANGE' | 'NEW_SERVER_ASSIGNED']>([
    ['no pair is named', { identitiesWithEmergencyRegistration: [] }, permanent],
    [
      'the pair is of another user',
      { identitiesWithEmergencyRegistration: [{ ...pair, impi: 'x@ims.example' }] },
      permanent,
    ],
    [
      'the identity is unknown',
      { identitiesWithEmergencyRegistration: [{ impi, impu: 'sip:x@ims.example' }] },
      permanent,
    ],
    ['the identity is none', { identitiesWithEmergencyRegistration: [{ impi, impu: '' }] }, permanent],
    ['the S-CSCF changes', { identitiesWithEmergencyRegistration: [pair] }, 'SERVER_CHANGE'],
    ['another S-CSCF serves already', { identitiesWithEmergencyRegistration: [pair] }, 'NEW_SERVER_ASSIGNED'],
  ])('[TS 29.228 6.1.3.1] is none where %s', async (_what, part, reasonCode) => {
    const { hss, sCscf } = await startRegistered();
    const list = part as { identitiesWithEmergencyRegistration: [] };
    sCscf.terminationAnswer = { ...baseResult('DIAMETER_LIMITED_SUCCESS'), ...list };
    await hss.subscriptions.deregister(impi, { reasonCode });
    await expect(statesOf(hss)).resolves.not.toContain('registered');
    await expect(hss.subscriptions.find(impi)).resolves.toMatchObject({ sCscfName: undefined });
  });

  it('[TS 29.228 6.1.3.1] does not take the user back from an S-CSCF that took over meanwhile', async () => {
    const { hss, sCscf } = await startRegistered();
    sCscf.registrationTermination = async () => {
      await hss.sar('dora', 'REGISTRATION', { serverName: 'sip:other.ims.example' });
      return { ...baseResult('DIAMETER_LIMITED_SUCCESS'), identitiesWithEmergencyRegistration: [pair] };
    };
    await hss.subscriptions.deregister(impi);
    await expect(hss.subscriptions.find(impi)).resolves.toMatchObject({ sCscfName: 'sip:other.ims.example' });
    await expect(statesOf(hss)).resolves.toEqual(['registered', 'registered', 'not-registered']);
  });

  it('[TS 29.228 6.1.3.1] does not bring a deleted subscription back', async () => {
    const { hss, sCscf } = await startRegistered();
    const answer = baseResult('DIAMETER_LIMITED_SUCCESS');
    sCscf.terminationAnswer = { ...answer, identitiesWithEmergencyRegistration: [pair] };
    await hss.subscriptions.delete(impi);
    await expect(hss.subscriptions.find(impi)).resolves.toBeUndefined();
  });
});

import { baseResult, experimentalResult } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import { sCscfName, startTestHss, subscriptionOf, type TestHss, TestSCscf } from '../testing/test-hss.ts';

const impi = 'alice@ims.example';
const sip = 'sip:alice@ims.example';
const tel = 'tel:+491701234567';
const work = 'sip:work@ims.example';
const set = [{ impu: sip }, { impu: tel }];

/** Alice with one set registered, another not, and an S-CSCF that listens. */
async function startRegistered(): Promise<{ readonly hss: TestHss; readonly sCscf: TestSCscf }> {
  const hss = await startTestHss();
  const sCscf = new TestSCscf();
  hss.transport.attachSCscf(sCscfName, sCscf);
  const impus = [...set, { impu: work, implicitRegistrationSet: 1 }];
  await hss.subscriptions.create(subscriptionOf('alice', { impus }));
  await hss.sar('alice', 'REGISTRATION');
  return { hss, sCscf };
}

const statesOf = async (hss: TestHss) =>
  (await hss.subscriptions.find(impi))?.identities.map(({ impu, state }) => [impu, state]);

describe('Deregistration by the operator', () => {
  it('[TS 29.228 6.1.3] tells the S-CSCF why, names the registered identities, and ends the registration', async () => {
    const { hss, sCscf } = await startRegistered();
    const changed = await hss.subscriptions.deregister(impi, { reasonCode: 'REMOVE_S_CSCF', reasonInfo: 'moving' });
    expect(sCscf.terminations).toEqual([
      { impi, impus: [sip, tel], reasonCode: 'REMOVE_S_CSCF', reasonInfo: 'moving' },
    ]);
    expect(changed.notifications).toEqual([{ command: 'RTR', impus: [sip, tel], result: 'DIAMETER_SUCCESS' }]);
    expect(changed.subscription).toMatchObject({
      sCscfName: undefined,
      identities: [{ state: 'not-registered' }, {}, {}],
    });
    await expect(hss.uar('alice')).resolves.toMatchObject({ name: 'DIAMETER_FIRST_REGISTRATION' });
  });

  it('[TS 29.228 6.1.3] says nothing to anyone for who is not registered', async () => {
    const { hss, sCscf } = await startRegistered();
    await hss.sar('alice', 'USER_DEREGISTRATION');
    await expect(hss.subscriptions.deregister(impi)).resolves.toMatchObject({ notifications: [] });
    expect(sCscf.terminations).toEqual([]);
  });

  it('[TS 29.228 6.1.3] ends the registration also where no S-CSCF is there, and says so', async () => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('alice'));
    await hss.sar('alice', 'REGISTRATION');
    const changed = await hss.subscriptions.deregister(impi);
    expect(changed.notifications).toEqual([{ command: 'RTR', impus: [sip], result: 'ERR_CX_PEER_UNREACHABLE' }]);
    expect(changed.subscription.sCscfName).toBeUndefined();
  });

  it('[TS 29.228 6.1.3] does not make the S-CSCF wait for the answer it owes', async () => {
    const { hss, sCscf } = await startRegistered();
    sCscf.registrationTermination = async () => {
      await hss.sar('alice', 'USER_DEREGISTRATION');
      return baseResult('DIAMETER_SUCCESS');
    };
    await expect(hss.subscriptions.deregister(impi)).resolves.toMatchObject({
      notifications: [{ result: 'DIAMETER_SUCCESS' }],
    });
  });

  it('[TS 29.228 6.1.3] refuses who is unknown', async () => {
    const hss = await startTestHss();
    await expect(hss.subscriptions.deregister(impi)).rejects.toMatchObject({ code: 'ERR_HSS_SUBSCRIPTION_UNKNOWN' });
  });
});

describe('Deletion', () => {
  it('[TS 29.228 6.1.3] terminates the registration for good, then knows nobody', async () => {
    const { hss, sCscf } = await startRegistered();
    const notifications = await hss.subscriptions.delete(impi);
    expect(sCscf.terminations).toMatchObject([{ impus: [sip, tel], reasonCode: 'PERMANENT_TERMINATION' }]);
    expect(notifications).toMatchObject([{ command: 'RTR', result: 'DIAMETER_SUCCESS' }]);
    await expect(hss.sar('alice', 'RE_REGISTRATION')).resolves.toMatchObject({ name: 'DIAMETER_ERROR_USER_UNKNOWN' });
  });

  it('[TS 29.228 6.1.3] terminates also the registration that slipped in between', async () => {
    const { hss, sCscf } = await startRegistered();
    const terminate = sCscf.registrationTermination.bind(sCscf);
    sCscf.registrationTermination = async (request) => {
      await hss.sar('alice', 'REGISTRATION');
      return await terminate(request);
    };
    await hss.subscriptions.delete(impi);
    expect(sCscf.terminations).toHaveLength(2);
    await expect(hss.subscriptions.find(impi)).resolves.toBeUndefined();
  });
});

describe('Change of a registered user', () => {
  it('[TS 29.228 6.2.2] [HSS 7] pushes a new identity, which is registered with its set', async () => {
    const { hss, sCscf } = await startRegistered();
    const impus = [...set, { impu: 'sip:new@ims.example' }, { impu: work, implicitRegistrationSet: 1 }];
    const changed = await hss.subscriptions.change(impi, { impus });
    expect(sCscf.pushes).toMatchObject([
      {
        impi,
        userProfile: { implicitRegistrationSet: [{ impu: sip }, { impu: tel }, { impu: 'sip:new@ims.example' }] },
        allowedWafWwsfIdentities: undefined,
      },
    ]);
    expect(changed.notifications).toMatchObject([{ command: 'PPR', result: 'DIAMETER_SUCCESS' }]);
    await expect(statesOf(hss)).resolves.toContainEqual(['sip:new@ims.example', 'registered']);
  });

  it('[TS 29.228 6.2.2] pushes barring of another than the default identity', async () => {
    const { hss, sCscf } = await startRegistered();
    const impus = [{ impu: sip }, { impu: tel, barred: true }, { impu: work, implicitRegistrationSet: 1 }];
    await hss.subscriptions.change(impi, { impus });
    expect(sCscf.pushes).toMatchObject([
      { userProfile: { implicitRegistrationSet: [{ barred: false }, { impu: tel, barred: true }] } },
    ]);
    expect(sCscf.terminations).toEqual([]);
  });

  it.each([
    ['an identity leaves the set', [{ impu: sip }]],
    ['the default identity changes', [{ impu: tel }, { impu: sip }]],
    ['the default identity is barred', [{ impu: sip, barred: true }, { impu: tel }]],
    ['the set moves', set.map((identity) => ({ ...identity, implicitRegistrationSet: 7 }))],
  ])('[TS 29.228 6.5.2.2] [HSS 7] deregisters the set where %s', async (_what, impus) => {
    const { hss, sCscf } = await startRegistered();
    const changed = await hss.subscriptions.change(impi, { impus });
    expect(sCscf.pushes).toEqual([]);
    expect(sCscf.terminations).toMatchObject([{ impus: [sip, tel], reasonCode: 'SERVER_CHANGE' }]);
    expect(changed.subscription.identities.map(({ state }) => state)).not.toContain('registered');
    expect(changed.subscription.sCscfName).toBeUndefined();
  });

  it('[TS 29.228 6.5.2.5] [HSS 8] pushes a changed list of WAF and WWSF, and an empty one when it is taken away', async () => {
    const { hss, sCscf } = await startRegistered();
    const allowedWafWwsfIdentities = { wafNames: ['waf.partner.example'], wwsfNames: ['wwsf.partner.example'] };
    await hss.subscriptions.change(impi, { allowedWafWwsfIdentities });
    await hss.subscriptions.change(impi, { allowedWafWwsfIdentities: null });
    const none = { wafNames: [], wwsfNames: [] };
    expect(sCscf.pushes).toEqual([
      { impi, userProfile: undefined, allowedWafWwsfIdentities, authData: undefined },
      { impi, userProfile: undefined, allowedWafWwsfIdentities: none, authData: undefined },
    ]);
  });

  it('[TS 29.228 6.2.2.1] says nothing where nothing changed that an S-CSCF knows', async () => {
    const { hss, sCscf } = await startRegistered();
    const changed = await hss.subscriptions.change(impi, { roamingNetworks: ['visited.example'] });
    expect(changed).toMatchObject({ notifications: [], subscription: { roamingNetworks: ['visited.example'] } });
    expect([sCscf.pushes, sCscf.terminations]).toEqual([[], []]);
  });

  it('[TS 29.228 6.2.2.1] deregisters a user who became too much for the S-CSCF', async () => {
    const { hss, sCscf } = await startRegistered();
    sCscf.pushAnswer = experimentalResult('DIAMETER_ERROR_TOO_MUCH_DATA');
    const changed = await hss.subscriptions.change(impi, { impus: [...set, { impu: work }] });
    expect(changed.notifications.map(({ command, result }) => [command, result])).toEqual([
      ['PPR', 'DIAMETER_ERROR_TOO_MUCH_DATA'],
      ['RTR', 'DIAMETER_SUCCESS'],
    ]);
    expect(sCscf.terminations).toMatchObject([{ reasonCode: 'SERVER_CHANGE' }]);
    expect(changed.subscription.sCscfName).toBeUndefined();
  });

  it('[TS 29.228 6.2.2] replaces all with what is given, defaults for the rest', async () => {
    const { hss } = await startRegistered();
    const changed = await hss.subscriptions.replace(impi, { impus: set });
    expect(changed.subscription.identities.map(({ impu, state }) => [impu, state])).toEqual([
      [sip, 'registered'],
      [tel, 'registered'],
    ]);
    expect(changed.subscription.roamingNetworks).toEqual([]);
  });
});

describe('Metrics', () => {
  it('[TS 29.228 6] counts commands by result and identities by state, and is gone with the HSS', async () => {
    const { hss } = await startRegistered();
    await hss.uar('nobody');
    const text = await hss.operations.metrics.metrics();
    expect(text).toContain('hss_subscriptions 1');
    expect(text).toContain('hss_identities{state="registered"} 2');
    expect(text).toContain('hss_cx_answers_total{command="SAR",result="DIAMETER_SUCCESS"} 1');
    expect(text).toContain('hss_cx_answers_total{command="UAR",result="DIAMETER_ERROR_USER_UNKNOWN"} 1');
    await hss.stop();
    await expect(hss.operations.metrics.metrics()).resolves.not.toContain('hss_');
  });
});

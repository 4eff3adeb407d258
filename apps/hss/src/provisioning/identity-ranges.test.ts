import { baseResult } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { sCscfName, startTestHss, subscriptionOf, type TestHss, TestSCscf } from '../testing/test-hss.ts';
import type { IdentityRangeInput } from './identity-range-input.ts';

const impi = 'visitor-*@ims.example';
const allowedWafWwsfIdentities = { wafNames: ['waf.partner.example'], wwsfNames: ['wwsf.partner.example'] };
const range: IdentityRangeInput = {
  impi,
  impu: 'sip:visitor-*@ims.example',
  maxRegistered: 2,
  allowedWafWwsfIdentities,
};
const address = `/identity-ranges/${encodeURIComponent(impi)}`;
const rejected = baseResult('DIAMETER_AUTHORIZATION_REJECTED');
const unable = baseResult('DIAMETER_UNABLE_TO_COMPLY');
const unknown = { name: 'DIAMETER_ERROR_USER_UNKNOWN' };
const first = { name: 'DIAMETER_FIRST_REGISTRATION' };
const success = { name: 'DIAMETER_SUCCESS' };
const mismatch = { name: 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH' };

async function startRange(): Promise<{ readonly hss: TestHss; readonly sCscf: TestSCscf }> {
  const hss = await startTestHss();
  const sCscf = new TestSCscf();
  hss.transport.attachSCscf(sCscfName, sCscf);
  await hss.identityRanges.create(range);
  return { hss, sCscf };
}

const registeredOf = async (hss: TestHss) => (await hss.identityRanges.find(impi))?.registered;
const storedOf = async (hss: TestHss) => (await hss.subscriptions.list()).subscriptions.map((stored) => stored.impi);

describe('A member of a range', () => {
  it('[X.4.1] [TS 29.228 6.1.1.1 step 1] [HSS 2] may register without being stored', async () => {
    const { hss } = await startRange();
    await expect(hss.uar('visitor-1')).resolves.toMatchObject(first);
    await expect(hss.uar('visitor-a.B_c-9', { impu: 'SIP:visitor-a.B_c-9@IMS.example' })).resolves.toMatchObject(first);
    await expect(storedOf(hss)).resolves.toEqual([]);
  });

  it.each([
    ['the identities are of two members', 'visitor-1@ims.example', 'sip:visitor-2@ims.example', mismatch],
    ['the private one is of no range', 'guest-1@ims.example', 'sip:visitor-1@ims.example', unknown],
    ['the public one is of no range', 'visitor-1@ims.example', 'sip:guest-1@ims.example', unknown],
    ['the public one is of a subscription', 'visitor-1@ims.example', 'sip:alice@ims.example', mismatch],
    ['the private one is of a subscription', 'alice@ims.example', 'sip:visitor-1@ims.example', mismatch],
    ['the run has other characters', 'visitor-a+b@ims.example', 'sip:visitor-a+b@ims.example', unknown],
    ['the run is empty', 'visitor-@ims.example', 'sip:visitor-@ims.example', unknown],
    ['it is the pattern itself', impi, 'sip:visitor-*@ims.example', unknown],
  ])('[REQ 3.2] [HSS 2] is nobody, where %s', async (_what, ofImpi, impu, expected) => {
    const { hss } = await startRange();
    await hss.subscriptions.create(subscriptionOf('alice'));
    await expect(hss.uar('x', { impi: ofImpi, impu })).resolves.toMatchObject(expected);
    await expect(hss.sar('x', 'REGISTRATION', { impi: ofImpi, impus: [impu] })).resolves.toMatchObject(expected);
    await expect(storedOf(hss)).resolves.toEqual(['alice@ims.example']);
  });

  it('[X.4.2.3-6.2] [HSS 8] gets profile and allowed WAFs and WWSFs of the range, and is kept while registered', async () => {
    const { hss } = await startRange();
    await expect(hss.sar('visitor-1', 'REGISTRATION')).resolves.toEqual({
      ...baseResult('DIAMETER_SUCCESS'),
      impi: 'visitor-1@ims.example',
      userProfile: {
        impi: 'visitor-1@ims.example',
        implicitRegistrationSet: [{ impu: 'sip:visitor-1@ims.example', barred: false }],
      },
      allowedWafWwsfIdentities,
    });
    await expect(hss.uar('visitor-1')).resolves.toMatchObject({ serverName: sCscfName });
    await expect(storedOf(hss)).resolves.toEqual(['visitor-1@ims.example']);
    await expect(hss.sar('visitor-1', 'USER_DEREGISTRATION')).resolves.toMatchObject(success);
    await expect(storedOf(hss)).resolves.toEqual([]);
    await expect(hss.uar('visitor-1')).resolves.toMatchObject(first);
  });

  it('[TS 29.228 6.1.4.1] is called at its S-CSCF while registered, and not reached otherwise', async () => {
    const { hss } = await startRange();
    const locate = () =>
      hss.cx.locationInfo({
        impu: 'sip:visitor-1@ims.example',
        originatingRequest: false,
        userAuthorizationType: undefined,
      });
    await expect(locate()).resolves.toMatchObject({ name: 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED' });
    await expect(hss.sar('visitor-1', 'UNREGISTERED_USER')).resolves.toEqual(unable);
    await hss.sar('visitor-1', 'REGISTRATION');
    await expect(locate()).resolves.toMatchObject({ serverName: sCscfName });
  });

  it('[TS 29.228 6.3.1] [HSS 5] has no authentication data: a trusted node vouches for it', async () => {
    const { hss } = await startRange();
    const asked = { impi: 'visitor-1@ims.example', impu: 'sip:visitor-1@ims.example', serverName: sCscfName };
    const scheme = { sipAuthenticationScheme: 'Unknown', numberOfAuthItems: 1, sipAuthorization: undefined } as const;
    await expect(hss.cx.multimediaAuth({ ...asked, ...scheme })).resolves.toMatchObject({
      name: 'DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED',
    });
    await expect(storedOf(hss)).resolves.toEqual([]);
  });

  it('[TS 23.228 U.2.1.4] is one of so many at a time; those that are registered stay and may say so again', async () => {
    const { hss } = await startRange();
    const names = ['visitor-1', 'visitor-2', 'visitor-3', 'visitor-4'];
    const answers = await Promise.all(names.map((name) => hss.sar(name, 'REGISTRATION')));
    expect(answers.map(({ name }) => name).filter((name) => name === 'DIAMETER_SUCCESS')).toHaveLength(2);
    await expect(hss.uar('visitor-3')).resolves.toEqual(rejected);
    await expect(hss.sar('visitor-3', 'REGISTRATION')).resolves.toEqual(unable);
    await expect(hss.uar('visitor-1')).resolves.toMatchObject({ name: 'DIAMETER_SUBSEQUENT_REGISTRATION' });
    await expect(hss.sar('visitor-1', 'RE_REGISTRATION')).resolves.toMatchObject(success);
    await hss.sar('visitor-1', 'TIMEOUT_DEREGISTRATION');
    await expect(hss.uar('visitor-3')).resolves.toMatchObject(first);
  });

  it('[X.4.1] [HSS 2] is none, where the identity is of a stored subscription', async () => {
    const { hss } = await startRange();
    const impus = [{ impu: 'sip:boss@ims.example' }];
    await hss.subscriptions.create({ impi: 'visitor-1@ims.example', impus });
    await hss.subscriptions.create(subscriptionOf('alice', { impus: [{ impu: 'sip:visitor-2@ims.example' }] }));
    await expect(hss.uar('visitor-1')).resolves.toMatchObject(unknown);
    await expect(hss.uar('visitor-1', { impu: 'sip:boss@ims.example' })).resolves.toMatchObject(first);
    await expect(hss.uar('visitor-2')).resolves.toMatchObject(unknown);
    await expect(hss.uar('alice', { impu: 'sip:visitor-2@ims.example' })).resolves.toMatchObject(first);
    await expect(registeredOf(hss)).resolves.toBe(0);
  });

  it('[TS 29.228 6.1.3] is deregistered alone, and is not changed or deleted alone', async () => {
    const { hss, sCscf } = await startRange();
    await hss.sar('visitor-1', 'REGISTRATION');
    const member = 'visitor-1@ims.example';
    const code = { code: 'ERR_HSS_RANGE_MEMBER' };
    await expect(hss.subscriptions.change(member, { barred: true })).rejects.toMatchObject(code);
    await expect(hss.subscriptions.delete(member)).rejects.toMatchObject(code);
    expect(sCscf.terminations).toEqual([]);
    await expect(hss.subscriptions.deregister(member)).resolves.toMatchObject({ notifications: [{ command: 'RTR' }] });
    await expect(storedOf(hss)).resolves.toEqual([]);
  });

  it('[TS 29.228 6.1.2.1] [HSS 6] is registered still after a restart', async () => {
    const { hss: before } = await startRange();
    await before.sar('visitor-1', 'REGISTRATION');
    await before.stop();
    const hss = await startTestHss(before.file);
    await expect(registeredOf(hss)).resolves.toBe(1);
    await hss.sar('visitor-1', 'USER_DEREGISTRATION');
    await expect(registeredOf(hss)).resolves.toBe(0);
  });
});

describe('A range', () => {
  it('[TS 29.228 6.5.2.5] [HSS 8] that is changed is pushed to those who are registered, and holds for all', async () => {
    const { hss, sCscf } = await startRange();
    await hss.sar('visitor-1', 'REGISTRATION');
    await hss.sar('visitor-2', 'REGISTRATION');
    const changed = await hss.identityRanges.replace(impi, { maxRegistered: 1 });
    expect(changed.notifications.map(({ command, result }) => [command, result])).toEqual([
      ['PPR', 'DIAMETER_SUCCESS'],
      ['PPR', 'DIAMETER_SUCCESS'],
    ]);
    const none = { wafNames: [], wwsfNames: [] };
    expect(sCscf.pushes).toEqual(
      ['visitor-1@ims.example', 'visitor-2@ims.example'].map((member) => ({
        impi: member,
        userProfile: undefined,
        allowedWafWwsfIdentities: none,
        authData: undefined,
      })),
    );
    await expect(hss.sar('visitor-1', 'RE_REGISTRATION')).resolves.toMatchObject({
      ...success,
      allowedWafWwsfIdentities: undefined,
    });
    await hss.identityRanges.replace(impi, { maxRegistered: 5 });
    expect(sCscf.pushes).toHaveLength(2);
  });

  it('[TS 29.228 6.1.3] that is deleted ends the registrations of its members, and they are nobody any more', async () => {
    const { hss, sCscf } = await startRange();
    await hss.sar('visitor-1', 'REGISTRATION');
    await hss.sar('visitor-2', 'REGISTRATION');
    await hss.identityRanges.delete(impi);
    expect(sCscf.terminations.map((request) => [request.impi, request.impus, request.reasonCode])).toEqual([
      ['visitor-1@ims.example', ['sip:visitor-1@ims.example'], 'PERMANENT_TERMINATION'],
      ['visitor-2@ims.example', ['sip:visitor-2@ims.example'], 'PERMANENT_TERMINATION'],
    ]);
    await expect(hss.uar('visitor-1')).resolves.toMatchObject(unknown);
    await expect(storedOf(hss)).resolves.toEqual([]);
  });

  it('[RFC 9110 9.3.3] is provisioned over HTTP, shown, sent back changed, and deleted', async () => {
    const hss = await startTestHss();
    const shown = { ...range, registered: 0 };
    const created = await ask(hss, 'POST', '/identity-ranges', { body: range });
    expect(created).toMatchObject({ status: 201, location: address, body: shown });
    expect((await ask(hss, 'GET', '/identity-ranges')).body).toEqual({ identityRanges: [shown] });
    expect((await ask(hss, 'GET', address)).body).toEqual(shown);
    const replaced = await ask(hss, 'PUT', address, { body: { ...shown, maxRegistered: 7 } });
    expect(replaced).toMatchObject({ status: 200, body: { ...shown, maxRegistered: 7, notifications: [] } });
    expect(await ask(hss, 'DELETE', address)).toMatchObject({ status: 200, body: { notifications: [] } });
    expect(await ask(hss, 'GET', address)).toMatchObject({ status: 404, body: { code: 'ERR_HSS_RANGE_UNKNOWN' } });
  });

  it.each([
    ['a pattern without *', 400, { impi: 'visitor@ims.example' }],
    ['a public pattern without *', 400, { impu: 'sip:visitor@ims.example' }],
    ['no public pattern', 400, { impu: undefined }],
    ['a limit of 0', 400, { maxRegistered: 0 }],
    ['a limit too high', 400, { maxRegistered: 10_001 }],
    ['a name in upper case', 400, { allowedWafWwsfIdentities: { wafNames: ['WAF.example'] } }],
    ['an unknown field', 400, { password: 'secret' }],
    ['the same private pattern', 409, { impu: 'sip:other-*@ims.example' }],
    ['a narrower private pattern', 409, { impi: 'visitor-vip-*@ims.example', impu: 'sip:other-*@ims.example' }],
    ['a wider public pattern', 409, { impi: 'other-*@ims.example', impu: 'sip:v*@ims.example' }],
  ])('[TS 23.228 U.2.1.4] is refused with %s', async (_what, status, part) => {
    const { hss } = await startRange();
    const free = status === 409 ? {} : { impi: 'other-*@ims.example', impu: 'sip:other-*@ims.example' };
    const reply = await ask(hss, 'POST', '/identity-ranges', { body: { ...range, ...free, ...part } });
    expect(reply).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' });
    expect(JSON.stringify(reply.body)).not.toContain('secret');
    await expect(hss.identityRanges.list()).resolves.toHaveLength(1);
  });

  it('[TS 23.228 U.2.1.4] is refused where there are as many as may be, or another pattern is put in its place', async () => {
    const hss = await startTestHss();
    const of = (index: number) => ({ impi: `r${index}.*@ims.example`, impu: `sip:r${index}.*@ims.example` });
    for (let index = 0; index < 100; index += 1) await hss.identityRanges.create(of(index));
    await expect(hss.identityRanges.create(of(100))).rejects.toMatchObject({ code: 'ERR_HSS_RANGES_TOO_MANY' });
    await expect(hss.identityRanges.replace('r1.*@ims.example', of(2))).rejects.toMatchObject({
      code: 'ERR_HSS_INPUT_INVALID',
    });
    await expect(hss.identityRanges.delete(impi)).rejects.toMatchObject({ code: 'ERR_HSS_RANGE_UNKNOWN' });
  });
});

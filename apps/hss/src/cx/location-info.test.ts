import type { LocationInfoAnswer } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import {
  type ExpectedAnswer,
  otherSCscfName,
  sCscfName,
  startTestHss,
  subscriptionOf,
  type TestHss,
} from '../testing/test-hss.ts';

const ask = (hss: TestHss, impu = 'sip:alice@ims.example'): Promise<LocationInfoAnswer> =>
  hss.cx.locationInfo({ impu, originatingRequest: false, userAuthorizationType: undefined });
const create = (hss: TestHss) => hss.subscriptions.create(subscriptionOf('alice'));
const createServiced = (hss: TestHss) =>
  hss.subscriptions.create(subscriptionOf('alice', { unregisteredServices: true }));
const served = { kind: 'result', name: 'DIAMETER_SUCCESS', serverName: sCscfName };
const unknown = { kind: 'experimental', name: 'DIAMETER_ERROR_USER_UNKNOWN' };

interface Row {
  readonly when: string;
  readonly given: (hss: TestHss) => Promise<unknown>;
  readonly impu?: string;
  readonly expected: ExpectedAnswer;
}

const rows: readonly Row[] = [
  { when: 'the user is unknown', given: create, impu: 'sip:nobody@ims.example', expected: unknown },
  { when: 'it is no identity at all', given: create, impu: 'mailto:alice', expected: unknown },
  {
    when: 'the user is registered',
    given: async (hss) => {
      await create(hss);
      await hss.sar('alice', 'REGISTRATION');
    },
    expected: served,
  },
  {
    when: 'the user is registered, and called with parameters',
    given: async (hss) => {
      await create(hss);
      await hss.sar('alice', 'REGISTRATION');
    },
    impu: 'sip:alice@IMS.example;transport=tcp',
    expected: served,
  },
  {
    when: 'the user is known, but not registered',
    given: create,
    expected: { kind: 'experimental', name: 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED' },
  },
  {
    when: 'the user is not registered and has services for that',
    given: createServiced,
    expected: {
      kind: 'experimental',
      name: 'DIAMETER_UNREGISTERED_SERVICE',
      serverCapabilities: { mandatory: [], optional: [], serverNames: [] },
    },
  },
  {
    when: 'the user is served without being registered',
    given: async (hss) => {
      await createServiced(hss);
      await hss.sar('alice', 'UNREGISTERED_USER');
    },
    expected: served,
  },
];

describe('User location query', () => {
  it.each(rows)('[TS 29.228 6.1.4.1] $expected.name when $when', async ({ given, impu, expected }) => {
    const hss = await startTestHss();
    await given(hss);
    await expect(ask(hss, impu)).resolves.toMatchObject(expected);
  });

  it('[TS 29.228 6.1.4.1] gives the capabilities when another S-CSCF is wanted, which may then take over', async () => {
    const hss = await startTestHss();
    await create(hss);
    await hss.sar('alice', 'REGISTRATION');
    const request = { impu: 'sip:alice@ims.example', originatingRequest: false } as const;
    await expect(
      hss.cx.locationInfo({ ...request, userAuthorizationType: 'REGISTRATION_AND_CAPABILITIES' }),
    ).resolves.toMatchObject({
      name: 'DIAMETER_SUCCESS',
      serverName: undefined,
      serverCapabilities: { mandatory: [] },
    });
    await expect(hss.sar('alice', 'UNREGISTERED_USER', { serverName: otherSCscfName })).resolves.toMatchObject({
      name: 'DIAMETER_SUCCESS',
    });
  });
});

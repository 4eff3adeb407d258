import type { UserAuthorizationAnswer } from '@wicgate/cx';
import { describe, expect, it } from 'vitest';
import { type ExpectedAnswer, sCscfName, startTestHss, subscriptionOf, type TestHss } from '../testing/test-hss.ts';

interface Row {
  readonly step: string;
  readonly when: string;
  readonly given: (hss: TestHss) => Promise<unknown>;
  readonly ask: (hss: TestHss) => Promise<UserAuthorizationAnswer>;
  readonly expected: ExpectedAnswer;
}

const serverCapabilities = { mandatory: [1], optional: [2], serverNames: [sCscfName] };
const alice = (hss: TestHss) => hss.subscriptions.create(subscriptionOf('alice', { serverCapabilities }));
const barred = (hss: TestHss) =>
  hss.subscriptions.create(
    subscriptionOf('alice', {
      impus: [
        { impu: 'sip:alice@ims.example', barred: true },
        { impu: 'sip:free@ims.example', implicitRegistrationSet: 1 },
      ],
    }),
  );
const roamer = (hss: TestHss) =>
  hss.subscriptions.create(subscriptionOf('alice', { roamingNetworks: ['Visited.Example'] }));
const registered = async (hss: TestHss) => {
  await alice(hss);
  await hss.sar('alice', 'REGISTRATION');
};
const rejected = { kind: 'result', name: 'DIAMETER_AUTHORIZATION_REJECTED' };
const unknown = { kind: 'experimental', name: 'DIAMETER_ERROR_USER_UNKNOWN' };
const noRoaming = { kind: 'experimental', name: 'DIAMETER_ERROR_ROAMING_NOT_ALLOWED' };
const first = { kind: 'experimental', name: 'DIAMETER_FIRST_REGISTRATION' };
const subsequent = { kind: 'experimental', name: 'DIAMETER_SUBSEQUENT_REGISTRATION', serverName: sCscfName };
const abroad = { visitedNetworkIdentifier: 'elsewhere.example' };

const rows: readonly Row[] = [
  {
    step: 'step 2',
    when: 'the private identity is unknown',
    given: alice,
    ask: (hss) => hss.uar('alice', { impi: 'nobody@ims.example' }),
    expected: unknown,
  },
  {
    step: 'step 2',
    when: 'the public identity is unknown',
    given: alice,
    ask: (hss) => hss.uar('alice', { impu: 'sip:nobody@ims.example' }),
    expected: unknown,
  },
  {
    step: 'step 3',
    when: 'the public identity is no identity at all',
    given: alice,
    ask: (hss) => hss.uar('alice', { impu: 'sip:*@' }),
    expected: unknown,
  },
  {
    step: 'step 4',
    when: 'the identities belong to two users',
    given: async (hss) => [await alice(hss), await hss.subscriptions.create(subscriptionOf('bob'))],
    ask: (hss) => hss.uar('alice', { impu: 'sip:bob@ims.example' }),
    expected: { kind: 'experimental', name: 'DIAMETER_ERROR_IDENTITIES_DONT_MATCH' },
  },
  {
    step: 'step 5',
    when: 'all identities of the set are barred, free ones of another set notwithstanding',
    given: barred,
    ask: (hss) => hss.uar('alice'),
    expected: rejected,
  },
  {
    step: 'step 5',
    when: 'the identity is barred, another of its set is not',
    given: (hss) =>
      hss.subscriptions.create(
        subscriptionOf('alice', {
          impus: [{ impu: 'sip:alice@ims.example', barred: true }, { impu: 'sip:free@ims.example' }],
        }),
      ),
    ask: (hss) => hss.uar('alice'),
    expected: first,
  },
  {
    step: 'step 5',
    when: 'the whole subscription is barred',
    given: (hss) => hss.subscriptions.create(subscriptionOf('alice', { barred: true })),
    ask: (hss) => hss.uar('alice'),
    expected: rejected,
  },
  {
    step: 'step 6',
    when: 'the visited network is not allowed',
    given: roamer,
    ask: (hss) => hss.uar('alice', abroad),
    expected: noRoaming,
  },
  {
    step: 'step 6',
    when: 'the visited network is not allowed, another S-CSCF wanted',
    given: roamer,
    ask: (hss) => hss.uar('alice', { ...abroad, userAuthorizationType: 'REGISTRATION_AND_CAPABILITIES' }),
    expected: noRoaming,
  },
  {
    step: 'step 6',
    when: 'the visited network is allowed',
    given: roamer,
    ask: (hss) => hss.uar('alice', { visitedNetworkIdentifier: 'visited.EXAMPLE' }),
    expected: first,
  },
  {
    step: 'step 6',
    when: 'a registered user leaves from a network that is not allowed',
    given: registered,
    ask: (hss) => hss.uar('alice', { ...abroad, userAuthorizationType: 'DE_REGISTRATION' }),
    expected: { kind: 'result', name: 'DIAMETER_SUCCESS', serverName: sCscfName },
  },
  {
    step: 'step 7',
    when: 'nobody serves the user',
    given: alice,
    ask: (hss) => hss.uar('alice'),
    expected: { ...first, serverCapabilities },
  },
  {
    step: 'step 7',
    when: 'the identity is registered',
    given: registered,
    ask: (hss) => hss.uar('alice'),
    expected: subsequent,
  },
  {
    step: 'step 7',
    when: 'the identity is served without being registered',
    given: async (hss) => {
      await hss.subscriptions.create(subscriptionOf('alice', { unregisteredServices: true }));
      await hss.sar('alice', 'UNREGISTERED_USER');
    },
    ask: (hss) => hss.uar('alice'),
    expected: subsequent,
  },
  {
    step: 'step 7',
    when: 'another identity of the subscription is registered',
    given: async (hss) => {
      const work = { impu: 'sip:work@ims.example', implicitRegistrationSet: 1 };
      await hss.subscriptions.create(subscriptionOf('alice', { impus: [{ impu: 'sip:alice@ims.example' }, work] }));
      await hss.sar('alice', 'REGISTRATION');
    },
    ask: (hss) => hss.uar('alice', { impu: 'sip:work@ims.example' }),
    expected: subsequent,
  },
  {
    step: 'step 7',
    when: 'a user leaves who is not registered',
    given: alice,
    ask: (hss) => hss.uar('alice', { userAuthorizationType: 'DE_REGISTRATION' }),
    expected: { kind: 'experimental', name: 'DIAMETER_ERROR_IDENTITY_NOT_REGISTERED' },
  },
  {
    step: 'step 7',
    when: 'a user leaves who is served without being registered',
    given: async (hss) => {
      await hss.subscriptions.create(subscriptionOf('alice', { unregisteredServices: true }));
      await hss.sar('alice', 'UNREGISTERED_USER');
    },
    ask: (hss) => hss.uar('alice', { userAuthorizationType: 'DE_REGISTRATION' }),
    expected: { kind: 'result', name: 'DIAMETER_SUCCESS', serverName: sCscfName },
  },
  {
    step: 'step 7',
    when: 'another S-CSCF is wanted where there is none yet',
    given: alice,
    ask: (hss) => hss.uar('alice', { userAuthorizationType: 'REGISTRATION_AND_CAPABILITIES' }),
    expected: { kind: 'result', name: 'DIAMETER_SUCCESS', serverName: undefined, serverCapabilities },
  },
  {
    step: 'step 7',
    when: 'another S-CSCF is wanted',
    given: registered,
    ask: (hss) => hss.uar('alice', { userAuthorizationType: 'REGISTRATION_AND_CAPABILITIES' }),
    expected: { kind: 'result', name: 'DIAMETER_SUCCESS', serverName: undefined, serverCapabilities },
  },
  {
    step: 'step 7',
    when: 'the identities are written in another way',
    given: registered,
    ask: (hss) => hss.uar('alice', { impi: 'alice@IMS.example', impu: 'SIP:%61lice@IMS.EXAMPLE:5060;user=ip' }),
    expected: subsequent,
  },
];

/** Neither barring nor roaming keeps anyone from help. */
const emergencies: readonly Row[] = [
  {
    step: 'step 5',
    when: 'all identities of the set are barred',
    given: barred,
    ask: (hss) => hss.uar('alice', { emergencyRegistration: true }),
    expected: first,
  },
  {
    step: 'step 5',
    when: 'the whole subscription is barred',
    given: (hss) => hss.subscriptions.create(subscriptionOf('alice', { barred: true })),
    ask: (hss) => hss.uar('alice', { emergencyRegistration: true }),
    expected: first,
  },
  {
    step: 'step 6',
    when: 'the visited network is not allowed',
    given: roamer,
    ask: (hss) => hss.uar('alice', { emergencyRegistration: true, ...abroad }),
    expected: first,
  },
  {
    step: 'step 6',
    when: 'the user is barred, and the visited network not allowed',
    given: barred,
    ask: (hss) => hss.uar('alice', { emergencyRegistration: true, ...abroad }),
    expected: first,
  },
  {
    step: 'step 2',
    when: 'the user is unknown: an emergency makes nobody known',
    given: alice,
    ask: (hss) => hss.uar('nobody', { emergencyRegistration: true }),
    expected: unknown,
  },
];

describe('User registration status query', () => {
  it.each(rows)('[TS 29.228 6.1.1.1 $step] [HSS 1] $expected.name when $when', async ({ given, ask, expected }) => {
    const hss = await startTestHss();
    await given(hss);
    await expect(ask(hss)).resolves.toMatchObject(expected);
  });

  it.each(emergencies)(
    '[TS 29.228 6.1.1.1 $step] [HSS 12] in an emergency: $expected.name when $when',
    async ({ given, ask, expected }) => {
      const hss = await startTestHss();
      await given(hss);
      await expect(ask(hss)).resolves.toMatchObject(expected);
    },
  );

  it('[TS 29.228 6.1.1.1] [HSS 1] takes the steps in their order: each fault hides those after it', async () => {
    const hss = await startTestHss();
    await hss.subscriptions.create(subscriptionOf('alice', { barred: true }));
    await hss.subscriptions.create(subscriptionOf('bob', { barred: true }));
    const names = [
      await hss.uar('alice', { impi: 'nobody@ims.example', impu: 'sip:bob@ims.example', ...abroad }),
      await hss.uar('alice', { impu: 'sip:bob@ims.example', ...abroad }),
      await hss.uar('alice', { ...abroad, userAuthorizationType: 'DE_REGISTRATION' }),
      await hss.uar('alice', abroad),
    ].map(({ name }) => name);
    await hss.subscriptions.change('alice@ims.example', { barred: false });
    names.push((await hss.uar('alice', abroad)).name);
    expect(names).toEqual([
      'DIAMETER_ERROR_USER_UNKNOWN',
      'DIAMETER_ERROR_IDENTITIES_DONT_MATCH',
      'DIAMETER_AUTHORIZATION_REJECTED',
      'DIAMETER_AUTHORIZATION_REJECTED',
      'DIAMETER_ERROR_ROAMING_NOT_ALLOWED',
    ]);
  });

  it('[TS 29.228 6.1.1.1] is answered UNABLE_TO_COMPLY when the database fails, and the HSS lives', async () => {
    const hss = await startTestHss();
    await alice(hss);
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(hss.file);
    other.exec('alter table identity rename to identity_away');
    await expect(hss.uar('alice')).resolves.toEqual({ kind: 'result', name: 'DIAMETER_UNABLE_TO_COMPLY' });
    other.exec('alter table identity_away rename to identity');
    other.close();
    await expect(hss.uar('alice')).resolves.toMatchObject(first);
    expect(hss.log.some((line) => line.includes('cx.failed'))).toBe(true);
  });

  it('[TS 29.228 6.1.1.1] leaves no private identity in the log', async () => {
    const hss = await startTestHss();
    await registered(hss);
    await hss.uar('alice');
    expect(hss.log.join('')).toContain('cx.answered');
    expect(hss.log.join('')).not.toContain('alice');
  });
});

import { it } from 'vitest';
import {
  type AssignmentCase,
  challenge,
  create,
  drive,
  none,
  noneRegistered,
  register,
  registeredSet,
  registerServiced,
  sip,
  success,
  tel,
  unable,
  work,
} from '../testing/assignment-cases.ts';
import { otherSCscfName, sCscfName, type TestHss } from '../testing/test-hss.ts';

const deregistrations: readonly AssignmentCase[] = [
  ...(
    [
      'TIMEOUT_DEREGISTRATION',
      'USER_DEREGISTRATION',
      'ADMINISTRATIVE_DEREGISTRATION',
      'DEREGISTRATION_TOO_MUCH_DATA',
    ] as const
  ).map((type) => ({
    when: `${type}: the set moves as one, the S-CSCF is forgotten`,
    given: register,
    ask: (hss: TestHss) => hss.sar('alice', type, { impus: [tel] }),
    expected: { ...success, userProfile: undefined },
    stored: noneRegistered,
  })),
  {
    when: 'USER_DEREGISTRATION of one of two sets: the S-CSCF stays',
    given: async (hss) => {
      await register(hss);
      await hss.sar('alice', 'REGISTRATION', { impus: [work] });
    },
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION'),
    expected: success,
    stored: [none, none, none, 'registered', sCscfName],
  },
  {
    when: 'USER_DEREGISTRATION without public identities: all of them',
    given: async (hss) => {
      await register(hss);
      await hss.sar('alice', 'REGISTRATION', { impus: [work] });
    },
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION', { impus: [] }),
    expected: success,
    stored: noneRegistered,
  },
  {
    when: 'TIMEOUT_DEREGISTRATION of several, without the private identity',
    given: async (hss) => {
      await register(hss);
      await hss.sar('alice', 'REGISTRATION', { impus: [work] });
    },
    ask: (hss) => hss.sar('alice', 'TIMEOUT_DEREGISTRATION', { impi: undefined, impus: [sip, work] }),
    expected: success,
    stored: noneRegistered,
  },
  {
    when: 'USER_DEREGISTRATION again: nothing to take away',
    given: create,
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION'),
    expected: success,
    stored: noneRegistered,
  },
  {
    when: 'USER_DEREGISTRATION by another S-CSCF',
    given: register,
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION', { serverName: otherSCscfName }),
    expected: unable,
    stored: registeredSet,
  },
  {
    when: 'USER_DEREGISTRATION_STORE_SERVER_NAME without services for it',
    given: register,
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION_STORE_SERVER_NAME'),
    expected: { kind: 'experimental', name: 'DIAMETER_SUCCESS_SERVER_NAME_NOT_STORED' },
    stored: noneRegistered,
  },
  {
    when: 'TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME with services for it',
    given: registerServiced,
    ask: (hss) => hss.sar('alice', 'TIMEOUT_DEREGISTRATION_STORE_SERVER_NAME'),
    expected: success,
    stored: ['unregistered', sCscfName],
  },
  {
    when: 'USER_DEREGISTRATION_STORE_SERVER_NAME by another S-CSCF',
    given: registerServiced,
    ask: (hss) => hss.sar('alice', 'USER_DEREGISTRATION_STORE_SERVER_NAME', { serverName: otherSCscfName }),
    expected: unable,
    stored: ['registered', sCscfName],
  },
];

const authentications: readonly AssignmentCase[] = (
  ['AUTHENTICATION_FAILURE', 'AUTHENTICATION_TIMEOUT'] as const
).flatMap((type) => [
  {
    when: `${type} of who was not registered: the S-CSCF is forgotten`,
    given: async (hss: TestHss) => {
      await create(hss);
      await challenge(hss);
    },
    ask: (hss: TestHss) => hss.sar('alice', type),
    expected: success,
    stored: noneRegistered,
  },
  {
    when: `${type} of who is registered: the registration stays (TS 33.203 6.1.1)`,
    given: async (hss: TestHss) => {
      await register(hss);
      await challenge(hss);
    },
    ask: (hss: TestHss) => hss.sar('alice', type),
    expected: success,
    stored: registeredSet,
  },
  {
    when: `${type} by another S-CSCF`,
    given: register,
    ask: (hss: TestHss) => hss.sar('alice', type, { serverName: otherSCscfName }),
    expected: unable,
    stored: registeredSet,
  },
]);

it.each([...deregistrations, ...authentications])('[TS 29.228 6.1.2.1] [HSS 6] [HSS 7] $expected.name: $when', drive);

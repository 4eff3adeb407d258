/**
 * Other ways to prove who one is: access tokens (RFC 7635, TS 33.203 X.5.3), users of the operator, and the newer
 * protection of RFC 8489.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import {
  attribute,
  encodeMessage,
  encodePasswordAlgorithms,
  longTermKey,
  method,
  type StunAttribute,
  userHash,
} from '@wicgate/stun';
import {
  lifetimeOf,
  type MacKeying,
  requestedUdp,
  requiredValue,
  type TokenLogin,
  type TurnClient,
} from '@wicgate/turn-client';
import { type AsRsKey, createTurnAccess } from '@wicgate/turn-credentials';
import { expect } from 'vitest';
import type { EngineCase } from './engine-case.ts';
import { realm } from './engine-process.ts';
import { expectOutcome, hasAttribute, lifetimeIn } from './expectations.ts';
import { asRsKey, staticLogin } from './profiles.ts';
import { allocate, type Stand } from './stand.ts';

interface TokenOptions {
  readonly key?: AsRsKey;
  readonly serverName?: string;
  readonly ageSeconds?: number;
  readonly macKeying?: MacKeying;
}

export const accessTokenCases: readonly EngineCase[] = [
  {
    clause: 'RFC 7635 6.1',
    says: 'names itself in THIRD-PARTY-AUTHORIZATION of a 401',
    run: async (stand) => {
      const answer = await expectOutcome((await stand.client()).exchange(method.Allocate, [requestedUdp]), 'error 401');
      expect(requiredValue(answer, 'THIRD-PARTY-AUTHORIZATION').toString()).toBe(realm);
    },
  },
  {
    clause: 'X.5.3.2-8',
    says: 'gives an allocation for an access token whose mac key protects the request',
    run: async (stand) => {
      const answer = await expectOutcome(allocateBy(stand, createToken({})), 'success');
      expect(lifetimeIn(answer)).toBeLessThanOrEqual(600);
    },
  },
  {
    clause: 'X.5.3.2-8',
    says: 'gives an allocation for an access token whose mac key is used as coturn does, where that is set',
    profile: 'closed',
    run: async (stand) => {
      await expectOutcome(allocateBy(stand, createToken({ macKeying: 'coturn' })), 'success');
    },
  },
  {
    clause: 'X.5.3.1 a',
    says: 'gives no allocation that outlives its access token',
    profile: 'closed',
    run: async (stand) => {
      const token = createToken({ macKeying: 'coturn', ageSeconds: 560 });
      const answer = await expectOutcome(allocateBy(stand, token, [lifetimeOf(3_000)]), 'success');
      expect(lifetimeIn(answer)).toBeLessThanOrEqual(46);
    },
  },
  ...refusedTokens([
    ['that has expired', { ageSeconds: 660 }],
    ['made for another server', { serverName: 'turn.elsewhere.example' }],
    ['made with another key', { key: { ...asRsKey, key: randomBytes(32) } }],
    ['with a kid that nobody knows', { key: { ...asRsKey, kid: 'key-2' } }],
  ]),
  {
    clause: 'X.5.3.2-8',
    says: 'refuses an access token from who does not know its mac key with 401',
    profile: 'closed',
    run: async (stand) => {
      const token = { ...createToken({ macKeying: 'coturn' }), macKey: randomBytes(20) };
      await expectOutcome(allocateBy(stand, token), 'error 401');
    },
  },
  {
    clause: 'RFC 8489 9.2',
    says: 'serves a user whose credential does not end, such as a probe, beside those of X.5.2',
    run: async (stand) => {
      const client = await stand.challenged(staticLogin);
      await expectOutcome(allocate(client), 'success');
    },
  },
  {
    clause: 'RFC 8489 9.2.4',
    says: 'takes a request protected by MESSAGE-INTEGRITY-SHA256 and a key made with SHA-256',
    run: async (stand) => {
      const login = stand.credential();
      await expectOutcome(requestBySha256(stand, login, attribute('USERNAME', Buffer.from(login.username))), 'success');
    },
  },
  {
    clause: 'RFC 8489 9.2.4',
    says: 'takes a user by USERHASH instead of the name',
    run: async (stand) => {
      const hash = attribute('USERHASH', userHash(staticLogin.username, realm));
      await expectOutcome(requestBySha256(stand, staticLogin, hash), 'success');
    },
  },
];

function createToken({ key = asRsKey, serverName = realm, ageSeconds = 0, macKeying }: TokenOptions): TokenLogin {
  const access = createTurnAccess({
    asRsKey: key,
    serverName,
    issuedAtMs: Date.now() - 1_000 * ageSeconds,
    lifetimeSeconds: 600,
    random: (length) => randomBytes(length),
  });
  return { ...access, ...(macKeying && { macKeying }) };
}

async function allocateBy(
  stand: Stand,
  token: TokenLogin,
  more: readonly StunAttribute[] = [],
): ReturnType<TurnClient['request']> {
  const client = await stand.client();
  await client.challenge(token);
  return client.request(method.Allocate, { attributes: [requestedUdp, ...more] });
}

function refusedTokens(tokens: readonly (readonly [what: string, options: TokenOptions])[]): readonly EngineCase[] {
  return tokens.map(([what, options]) => ({
    clause: 'X.5.3.2-8',
    says: `refuses an access token ${what} with 401`,
    profile: 'closed',
    run: async (stand: Stand) => {
      await expectOutcome(allocateBy(stand, createToken({ ...options, macKeying: 'coturn' })), 'error 401');
    },
  }));
}

async function requestBySha256(
  stand: Stand,
  login: typeof staticLogin | ReturnType<Stand['credential']>,
  user: StunAttribute,
): ReturnType<TurnClient['response']> {
  const client = await stand.client();
  const challenge = await client.challenge(login);
  expect(hasAttribute(challenge, 'PASSWORD-ALGORITHMS')).toBe(true);
  const attributes = [
    requestedUdp,
    user,
    attribute('REALM', Buffer.from(realm)),
    attribute('NONCE', Buffer.from(client.nonce)),
    attribute('PASSWORD-ALGORITHMS', requiredValue(challenge, 'PASSWORD-ALGORITHMS')),
    attribute('PASSWORD-ALGORITHM', encodePasswordAlgorithms(['SHA-256'])),
  ];
  const message = { class: 'request', method: method.Allocate, transactionId: randomBytes(12), attributes } as const;
  const integrityKey = longTermKey(login.username, realm, login.password, 'SHA-256');
  client.sendRaw(encodeMessage(message, { integrityKey, integrityHash: 'sha256', fingerprint: true }));
  return client.response();
}

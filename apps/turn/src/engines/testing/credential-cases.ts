/**
 * Who is let in (RFC 8489 9.2, TS 33.203 X.5.2.2).
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import { attribute, encodeMessage, isIntegrityValid, longTermKey, method } from '@wicgate/stun';
import { addressOf, lifetimeOf, requestedUdp, type TurnClient, textOf } from '@wicgate/turn-client';
import { expect } from 'vitest';
import type { EngineCase } from './engine-case.ts';
import { previousSecret, realm } from './engine-process.ts';
import { expectOutcome, hasAttribute, lifetimeIn } from './expectations.ts';
import { allocate, inSeconds, type Stand } from './stand.ts';

const x52 = 'X.5.2.2-7';

export const credentialCases: readonly EngineCase[] = [
  {
    clause: 'RFC 8489 12',
    says: 'tells who asks by Binding the address it came from',
    run: async (stand) => {
      const client = await stand.client();
      const answer = await expectOutcome(client.exchange(method.Binding), 'success');
      expect(addressOf(answer, 'XOR-MAPPED-ADDRESS')).toMatchObject({ family: 'IPv4', address: '127.0.0.1' });
    },
  },
  {
    clause: 'RFC 8489 9.2.4',
    says: 'answers an Allocate without credentials with 401, REALM and NONCE',
    run: async (stand) => {
      const client = await stand.client();
      const answer = await expectOutcome(client.exchange(method.Allocate, [requestedUdp]), 'error 401');
      expect(textOf(answer, 'REALM')).toBe(realm);
      expect(textOf(answer, 'NONCE')).not.toBe('');
    },
  },
  {
    clause: x52,
    says: 'gives an allocation for a credential made with Km, its answer protected by the same password',
    run: async (stand) => {
      const login = stand.credential();
      const client = await stand.challenged(login);
      const answer = await expectOutcome(allocate(client), 'success');
      expect(addressOf(answer, 'XOR-RELAYED-ADDRESS').port).toBeGreaterThan(0);
      expect(isIntegrityValid(answer, longTermKey(login.username, realm, login.password))).toBe(true);
    },
  },
  {
    clause: x52,
    says: 'accepts a credential made with the Km before, while keys are changed',
    run: async (stand) => {
      const client = await stand.challenged(stand.credential(600, previousSecret));
      await expectOutcome(allocate(client), 'success');
    },
  },
  {
    clause: x52,
    says: 'refuses a credential made with another Km with 401',
    run: (stand) => refused(stand, stand.credential(600, 'what was never the secret of this server')),
  },
  {
    clause: x52,
    says: 'refuses a wrong password with 401',
    run: (stand) => refused(stand, { ...stand.credential(), password: 'wrong' }),
  },
  {
    clause: x52,
    says: 'refuses an expired credential with 401',
    run: (stand) => refused(stand, stand.credential(-2)),
  },
  ...refusedNames([
    ['a user name without a time', () => 'b7c1f0d2a9e84c61'],
    ['a user name that is nothing but a time', () => String(inSeconds(600))],
    ['a user name with the time before the Tid', () => `${inSeconds(600)}:b7c1f0d2a9e84c61`],
    ['a user name with letters after the time', () => `b7c1f0d2a9e84c61:${inSeconds(600)}x`],
    ['a Tid of digits only', () => `1234567:${inSeconds(600)}`],
    ['a Tid with a colon', () => `b7:c1:${inSeconds(600)}`],
    ['an empty Tid', () => `:${inSeconds(600)}`],
    ['a negative time', () => 'b7c1f0d2a9e84c61:-1'],
    ['a time beyond all numbers', () => `b7c1f0d2a9e84c61:${'9'.repeat(40)}`],
    ['the user name constructor', () => 'constructor'],
    ['the user name __proto__', () => '__proto__'],
  ]),
  {
    clause: 'RFC 8489 14.3',
    says: 'refuses a user name of 600 octets with 400 or 401',
    run: (stand) => refused(stand, stand.loginAs(`${'a'.repeat(600)}:${inSeconds(600)}`), /^error 40[01]$/u),
  },
  ...(['USERNAME', 'REALM', 'NONCE'] as const).map((name) => ({
    clause: 'RFC 8489 9.2.4',
    says: `refuses a request with MESSAGE-INTEGRITY and without ${name} with 400`,
    run: async (stand: Stand) => {
      const client = await stand.challenged();
      await expectOutcome(sendWithout(client, name), 'error 400');
    },
  })),
  {
    clause: 'RFC 8489 9.2.4',
    says: 'answers a nonce it never gave with 438 and a new one, which is good',
    run: async (stand) => {
      const client = await stand.challenged();
      client.nonce = client.nonce.replace(/.$/u, (last) => (last === '0' ? '1' : '0'));
      const answer = await expectOutcome(allocate(client), 'error 438');
      client.nonce = textOf(answer, 'NONCE');
      await expectOutcome(allocate(client), 'success');
    },
  },
  {
    clause: 'RFC 8489 9.2.4',
    says: 'looks at the password before the nonce: both wrong is 401',
    run: async (stand) => {
      const client = await stand.challenged({ ...stand.credential(), password: 'wrong' });
      client.nonce = client.nonce.replace(/.$/u, (last) => (last === '0' ? '1' : '0'));
      await expectOutcome(allocate(client), 'error 401');
    },
  },
  {
    clause: 'RFC 8656 5',
    says: 'refuses who comes with a credential other than that of the allocation with 441',
    run: async (stand) => {
      const { client } = await stand.allocated();
      const answer = client.request(method.Refresh, { attributes: [lifetimeOf(600)], login: stand.credential() });
      await expectOutcome(answer, 'error 441');
    },
  },
  {
    clause: x52,
    says: 'gives no allocation that outlives Texp',
    run: async (stand) => {
      const client = await stand.challenged(stand.credential(30));
      const answer = await expectOutcome(allocate(client, [lifetimeOf(600)]), 'success');
      expect(lifetimeIn(answer)).toBeLessThanOrEqual(30);
      expect(lifetimeIn(answer)).toBeGreaterThan(20);
    },
  },
  {
    clause: x52,
    says: 'extends no allocation beyond Texp',
    run: async (stand) => {
      const client = await stand.challenged(stand.credential(30));
      await expectOutcome(allocate(client), 'success');
      const answer = await expectOutcome(client.request(method.Refresh, { attributes: [lifetimeOf(600)] }), 'success');
      expect(lifetimeIn(answer)).toBeLessThanOrEqual(30);
      expect(lifetimeIn(answer)).toBeGreaterThan(20);
    },
  },
  {
    clause: 'X.5.3.1 c',
    says: 'repeats nothing of the user name in an answer that anybody may read',
    run: async (stand) => {
      const answer = await expectOutcome(allocate(await stand.challenged()), 'success');
      expect(hasAttribute(answer, 'USERNAME')).toBe(false);
    },
  },
];

async function refused(
  stand: Stand,
  login: ReturnType<Stand['credential']>,
  outcome: string | RegExp = 'error 401',
): Promise<void> {
  const client = await stand.challenged(login);
  await expectOutcome(allocate(client), outcome);
}

/** Names that are not `Tid:Texp`, each with the password that belongs to it. */
function refusedNames(names: readonly (readonly [what: string, name: () => string])[]): readonly EngineCase[] {
  return names.map(([what, name]) => ({
    clause: 'X.5.2.2-6',
    says: `refuses ${what} with 401`,
    run: (stand: Stand) => refused(stand, stand.loginAs(name())),
  }));
}

function sendWithout(client: TurnClient, missing: 'USERNAME' | 'REALM' | 'NONCE'): ReturnType<TurnClient['response']> {
  const { login, nonce } = client;
  if (login === undefined || !('password' in login)) throw new TypeError('login: expected a password');
  const { username, password } = login;
  const texts = { USERNAME: username, REALM: realm, NONCE: nonce };
  const names = (['USERNAME', 'REALM', 'NONCE'] as const).filter((name) => name !== missing);
  const attributes = [requestedUdp, ...names.map((name) => attribute(name, Buffer.from(texts[name])))];
  const message = { class: 'request', method: method.Allocate, transactionId: randomBytes(12), attributes } as const;
  client.sendRaw(encodeMessage(message, { integrityKey: longTermKey(username, realm, password), fingerprint: true }));
  return client.response();
}

/**
 * The search itself: what is planted is found, in every form and every place. One that could not fail would prove
 * nothing.
 */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { allowedPlaces, isAllowed } from './allowed-places.ts';
import { Canaries, secretKinds } from './canaries.ts';
import { Evidence, places } from './evidence.ts';
import { findSecrets } from './find-secrets.ts';
import { formsOf } from './forms.ts';
import { harvest } from './harvest.ts';

const octets = randomBytes(16);
const text = `s\u00fc "${randomBytes(9).toString('base64url')}" <&> +/=`;
const noise = (): Buffer => Buffer.from(randomBytes(200).toString('base64url'));

test('[canary] finds each kind of secret in each kind of place', () => {
  for (const value of [octets, text]) {
    const canaries = new Canaries();
    const evidence = new Evidence();
    for (const kind of secretKinds) canaries.add(kind, value);
    for (const place of places) {
      evidence.add(place, place, noise());
      evidence.add(place, 'planted', Buffer.concat([noise(), Buffer.from(value), noise()]));
    }
    const found = findSecrets(evidence.items, canaries.all).filter(({ form }) => form === 'raw');
    expect(new Set(found.map(({ kind, place }) => `${kind} ${place}`)).size).toBe(secretKinds.length * places.length);
    expect(new Set(found.map(({ at }) => at))).toEqual(new Set(['planted']));
  }
});

test('[canary] finds a secret in each of its forms, at the start and at the end too', () => {
  for (const value of [octets, text]) {
    const canaries = new Canaries();
    canaries.add('K', value);
    const forms = formsOf(value);
    expect(forms.length).toBeGreaterThan(10);
    for (const form of forms) {
      for (const [before, after] of [
        [noise(), noise()],
        [Buffer.alloc(0), noise()],
        [noise(), Buffer.alloc(0)],
      ]) {
        const evidence = new Evidence();
        evidence.add('log', 'log', Buffer.concat([before ?? noise(), form.octets, after ?? noise()]));
        expect(findSecrets(evidence.items, canaries.all).map((found) => found.form)).toContain(form.name);
      }
    }
  }
});

/** As others would write it, and not by the forms that are searched for. */
const writings: readonly (readonly [name: string, write: (secret: string) => string])[] = [
  ['Basic credentials', (secret) => `Basic ${Buffer.from(`someone:${secret}`).toString('base64')}`],
  ['Basic credentials of a longer name', (secret) => Buffer.from(`someone's:${secret}.`).toString('base64')],
  ['base64url in the middle', (secret) => Buffer.from(`ab${secret}cdef`).toString('base64url')],
  ['a query', (secret) => `https://x.example/?${new URLSearchParams({ a: secret, b: '1' })}`],
  ['a path', (secret) => `https://x.example/${encodeURIComponent(secret)}/b`],
  ['JSON', (secret) => JSON.stringify({ message: `wrong: ${secret}` })],
  ['JSON in JSON', (secret) => JSON.stringify(JSON.stringify(secret.replaceAll('"', '')))],
  ['a dump', (secret) => Buffer.from(secret).toString('hex')],
  ['a list of octets', (secret) => JSON.stringify([1, ...Buffer.from(secret), 2])],
];

for (const [name, write] of writings) {
  test(`[canary] finds a secret in ${name}`, () => {
    const secret = name === 'JSON in JSON' ? text.replaceAll('"', '') : text;
    const canaries = new Canaries();
    canaries.add('web password', secret);
    const evidence = new Evidence();
    evidence.add('log', 'waf', write(secret));
    expect(findSecrets(evidence.items, canaries.all)).not.toEqual([]);
  });
}

test('[canary] finds a PIN among other words, and not in a longer number', () => {
  const canaries = new Canaries();
  canaries.add('PIN', '73918264');
  const evidence = new Evidence();
  evidence.add('log', 'number', '{"time":1739182640}');
  expect(findSecrets(evidence.items, canaries.all)).toEqual([]);
  evidence.add('log', 'word', '{"pin":"73918264"}');
  expect(findSecrets(evidence.items, canaries.all)).toHaveLength(1);
});

test('[canary] [X.5.2.2-3] [X.5.3.1 a] knows the secrets of TURN from where they are given, and finds each of them leaked as text or octets', () => {
  const base64 = (length: number): string => randomBytes(length).toString('base64');
  const [password, accessToken, sessionKey, asRsKey] = [base64(20), `AAw${base64(60)}`, base64(20), base64(32)];
  const evidence = new Evidence();
  const access = JSON.stringify({ access_token: accessToken, token_type: 'pop', kid: 'lab-1', key: sessionKey });
  evidence.add('answer body', 'wwsf GET /turn-credential', JSON.stringify({ username: 'aTid:1700000000', password }));
  evidence.add('answer body', 'wwsf GET /turn-access', access);
  evidence.add('between functions', 'got wafMtls', `HTTP/1.1 200 OK\r\n\r\n${access}`);
  evidence.add('file', 'turn-keys.json', JSON.stringify([{ kid: 'lab-1', algorithm: 'A256GCM', key: asRsKey }]));
  const canaries = new Canaries();
  harvest(evidence, canaries, []);
  const secrets = {
    'TURN password': [password],
    'TURN access token': [accessToken, Buffer.from(accessToken, 'base64').toString('hex')],
    'TURN session key': [sessionKey, Buffer.from(sessionKey, 'base64')],
    'AS-RS key': [asRsKey, Buffer.from(asRsKey, 'base64')],
  } as const;
  expect(new Set(canaries.all.map(({ kind }) => kind))).toEqual(new Set(Object.keys(secrets)));
  for (const [kind, forms] of Object.entries(secrets)) {
    for (const leaked of forms) {
      const log = new Evidence();
      log.add('log', 'turn', Buffer.concat([noise(), Buffer.from(leaked), noise()]));
      const faults = findSecrets(log.items, canaries.all).filter((found) =>
        allowedPlaces.every((allowed) => !isAllowed(found, allowed)),
      );
      expect(faults.map((found) => found.kind)).toContain(kind);
    }
  }
  const found = findSecrets(evidence.items, canaries.all);
  expect(found.filter((each) => allowedPlaces.every((allowed) => !isAllowed(each, allowed)))).toEqual([]);
});

test('[canary] no line of the table lets a secret be in the log, the metrics, an error or the storage', () => {
  const never = ['log', 'output', 'metrics', 'console', 'error answer', 'storage', 'referrer'] as const;
  for (const kind of secretKinds) {
    for (const place of never) {
      const found = { kind, form: 'raw', place, at: 'planted' };
      expect(allowedPlaces.filter((allowed) => isAllowed(found, allowed))).toEqual([]);
    }
  }
});

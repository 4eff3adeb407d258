/**
 * Access to the TURN server by token, from the WAF through the WWSF to a client (X.5.3.2); and for browsers, which know
 * no tokens for TURN any more, a credential of X.5.2 in exchange.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lab } from '@wicgate/lab';
import { textOf } from '@wicgate/turn-client';
import { type AsRsKey, createTurnAccess, parseAsRsKeys } from '@wicgate/turn-credentials';
import { expect, test } from '../fixtures.ts';
import {
  askAsPage,
  becomeGuest,
  loginOf,
  openClient,
  relayBothWays,
  relayedBothWays,
  type TurnAccess,
  type TurnCredential,
  tryLogin,
} from './relay-by-token.ts';
import { gatherAndConnect } from './relay-in-page.ts';

/** The key that WAF and TURN server of the lab share. */
function labKey({ caFile }: Lab): AsRsKey {
  const [first] = parseAsRsKeys(readFileSync(join(dirname(caFile), '..', 'turn-keys.json'), 'utf8'));
  if (first === undefined) throw new TypeError('expected a key');
  return first;
}

/** A token as the WAF makes it, but for what is said. */
function mint(asRsKey: AsRsKey, { serverName = 'ims.example', issuedAtMs = Date.now() } = {}): TurnAccess {
  const made = createTurnAccess({ asRsKey, serverName, issuedAtMs, lifetimeSeconds: 60, random: randomBytes });
  const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
  return {
    access_token: base64(made.accessToken),
    token_type: 'pop',
    expires_in: 60,
    kid: made.kid,
    key: base64(made.macKey),
    alg: 'HMAC-SHA-1',
    server_name: serverName,
    uris: [],
  };
}

for (const transport of ['UDP', 'TCP'] as const) {
  test(`[X.5.3.2-2] [X.5.3.2-3] [X.5.3.2-6] [X.5.3.2-7] [X.5.3.2-8] [X.5.3.1 a] [WWSF 7] who has signed in gets token, key and kid, and relays with them over ${transport}`, async ({
    lab,
    openWic,
    subscriber,
  }) => {
    const alice = await openWic(await subscriber('alice'));
    const { status, json: access } = await askAsPage<TurnAccess>(alice.page, '/turn-access');
    expect(status).toBe(200);
    expect(access).toMatchObject({ token_type: 'pop', kid: 'lab-1', alg: 'HMAC-SHA-1', server_name: lab.homeDomain });
    expect(access.uris).toContain(`turn:127.0.0.1:${lab.ports.turn}?transport=${transport.toLowerCase()}`);
    expect(await relayBothWays(lab, loginOf(access), transport)).toEqual(relayedBothWays);
  });
}

test('[X.5.3.2-8] [TURN server 4] [RFC 7635 6.1] the TURN server names itself to who has no token yet, as the WAF does', async ({
  lab,
  request,
}) => {
  await becomeGuest(request, lab);
  const access: TurnAccess = await (await request.get(`${lab.wwsfUrl}/turn-access`)).json();
  const client = await openClient(lab);
  try {
    const challenge = await client.challenge(loginOf(access));
    expect(textOf(challenge, 'THIRD-PARTY-AUTHORIZATION')).toBe(access.server_name);
  } finally {
    client.close();
  }
});

test('[X.5.3.2] [X.5.3.1 c] [WWSF 7] a guest relays with a token too, and nothing in it is about a person', async ({
  lab,
  request,
}) => {
  await becomeGuest(request, lab);
  const answer = await request.get(`${lab.wwsfUrl}/turn-access`);
  const access: TurnAccess = await answer.json();
  expect(await answer.text()).not.toContain('guest');
  expect(await relayBothWays(lab, loginOf(access))).toEqual(relayedBothWays);
});

test('[X.5.3.2-3] [WWSF 7] nobody gets a token without a session, or after signing out', async ({
  lab,
  openWic,
  subscriber,
  request,
}) => {
  expect((await request.get(`${lab.wwsfUrl}/turn-access`)).status()).toBe(401);
  expect((await request.get(`${lab.wwsfUrl}/turn-credential`)).status()).toBe(401);
  const alice = await openWic(await subscriber('alice'));
  expect((await askAsPage(alice.page, '/turn-access')).status).toBe(200);
  const csrf = await askAsPage<{ readonly csrfToken: string }>(alice.page, '/session');
  const signedOut = await alice.page.evaluate(async (token) => {
    const { status } = await fetch('/sign-out', { method: 'POST', headers: { 'x-csrf-token': token } });
    return status;
  }, csrf.json.csrfToken);
  expect(signedOut).toBe(200);
  expect((await askAsPage(alice.page, '/turn-access')).status).toBe(401);
  expect((await askAsPage(alice.page, '/turn-credential')).status).toBe(401);
});

test('[X.5.3.2-8] [TURN server 4] tokens of another key, altered, for another server, and with another session key are refused', async ({
  lab,
  request,
}) => {
  await becomeGuest(request, lab);
  const access: TurnAccess = await (await request.get(`${lab.wwsfUrl}/turn-access`)).json();
  const login = loginOf(access);
  const key = labKey(lab);
  expect(await tryLogin(lab, loginOf(mint(key)))).toBe('success');
  const altered = Buffer.from(login.accessToken);
  altered.writeUInt8(altered.readUInt8(20) ^ 1, 20);
  const refused = {
    'another key': loginOf(mint({ ...key, key: randomBytes(32) })),
    'another kid': { ...login, kid: 'lab-2' },
    'altered': { ...login, accessToken: altered },
    'cut short': { ...login, accessToken: login.accessToken.subarray(0, -1) },
    'another server': loginOf(mint(key, { serverName: 'turn.evil.example' })),
    'another session key': { ...login, macKey: randomBytes(20) },
    'expired': loginOf(mint(key, { issuedAtMs: Date.now() - 66_000 })),
  };
  for (const [fault, wrong] of Object.entries(refused)) {
    expect([fault, await tryLogin(lab, wrong)]).toEqual([fault, 'error 401']);
  }
  expect(await tryLogin(lab, login)).toBe('success');
});

test('[X.5.2.2] [X.5.2.2-5] a browser without OAuth for TURN relays with the credential in exchange for its session', async ({
  lab,
  openWic,
  subscriber,
}) => {
  const alice = await openWic(await subscriber('alice'));
  const { json: credential } = await askAsPage<TurnCredential>(alice.page, '/turn-credential');
  const { uris, username, password } = credential;
  expect(await alice.page.evaluate(gatherAndConnect, { urls: [...uris], username, credential: password })).toEqual({
    types: ['relay'],
    heard: 'over the relay',
  });
  expect(await relayBothWays(lab, credential)).toEqual(relayedBothWays);
  expect((await askAsPage<TurnCredential>(alice.page, '/turn-credential')).json.username).toBe(username);
});

test('[X.5.2.2] [RFC 6750 2.1] a program relays with the credential in exchange for an access token, and without one gets none', async ({
  lab,
  openWic,
  subscriber,
  request,
}) => {
  const alice = await openWic(await subscriber('alice'));
  const { json } = await askAsPage<{ readonly access_token: string }>(alice.page, '/token');
  const ask = (token: string) =>
    request.get(`${lab.wwsfUrl}/turn-credential`, { headers: { authorization: `Bearer ${token}` } });
  const credential: TurnCredential = await (await ask(json.access_token)).json();
  expect(await relayBothWays(lab, credential)).toEqual(relayedBothWays);
  const refused = await ask(`${json.access_token}A`);
  expect([refused.status(), await refused.json()]).toEqual([401, { error: 'invalid_token' }]);
  expect(await tryLogin(lab, { ...credential, password: `${credential.password}A` })).toBe('error 401');
});

test('[X.5.3.2-4] a GET with the client’s password is pointed to the POST form, and its URL is in no log', async ({
  lab,
  labLog,
  request,
}) => {
  const secret = randomBytes(16).toString('hex');
  const url = `https://localhost:${lab.ports.waf}/token?client_id=wwsf.ims.example&client_password=${secret}`;
  const answer = await request.get(url);
  expect([answer.status(), answer.headers().allow]).toEqual([405, 'POST']);
  expect(await answer.text()).toContain('grant_type=client_credentials&scope=turn');
  expect(labLog.join('')).not.toContain(secret);
});

import { createHash, randomBytes } from 'node:crypto';
import {
  attribute,
  attributeType,
  type DecodedMessage,
  encodeMessage,
  encodePasswordAlgorithms,
  method,
} from '@wicgate/stun';
import { lifetimeOf, outcomeOf, requestedUdp, requiredValue, type TurnClient, textOf } from '@wicgate/turn-client';
import { integrityKeyOf, type TurnAccess } from '@wicgate/turn-credentials';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { AuthenticationBench, type RequestParts } from '../testing/authentication-bench.ts';
import { Bench } from '../testing/bench.ts';
import { testCredential, testRealm } from '../testing/test-server.ts';
import { TestFiles, testAccess, testKeys } from '../testing/turn-access-keys.ts';

const files = new TestFiles();
const settings = { TURN_OAUTH_KEYS_FILE: files.keys() };
afterAll(() => files.remove());

const issuedAtMs = 1_700_000_000_000;

function partsOf({ kid, accessToken }: TurnAccess): RequestParts {
  return { 'USERNAME': kid, 'ACCESS-TOKEN': Buffer.from(accessToken) };
}

function request(bench: AuthenticationBench, access: TurnAccess, more: RequestParts = {}): DecodedMessage {
  return bench.request({ ...partsOf(access), ...more }, { key: Buffer.from(access.macKey) });
}

describe('Access by token', () => {
  it('[TURN server 4] [RFC 7635 4] a 401 tells where tokens come from: the name of this server', () => {
    const type = attributeType['THIRD-PARTY-AUTHORIZATION'];
    expect(new AuthenticationBench(settings).challenge().get(type)?.toString()).toBe(testRealm);
    const named = new AuthenticationBench({ ...settings, TURN_OAUTH_SERVER_NAME: 'turn.example' });
    expect(named.challenge().get(type)?.toString()).toBe('turn.example');
    expect(named.challenge(438).has(type)).toBe(false);
    expect(new AuthenticationBench().challenge().has(type)).toBe(false);
  });

  it.each(testKeys)(
    '[X.5.3.1 a] [TURN server 4] [RFC 7635 4.2] a token under $algorithm opens the server',
    (asRsKey) => {
      const bench = new AuthenticationBench(settings);
      const access = testAccess({ issuedAtMs, asRsKey });
      for (const hash of ['sha1', 'sha256'] as const) {
        const signed = bench.request(partsOf(access), { key: Buffer.from(access.macKey), hash });
        expect(bench.authenticate(signed)).toMatchObject({
          username: asRsKey.kid,
          expiresAtSeconds: 1_700_000_600,
          integrityHash: hash,
        });
      }
    },
  );

  it.each([16, 32, 64])('[RFC 7635 4.2] mac keys of %d octets are good too', (macKeyLength) => {
    const bench = new AuthenticationBench(settings);
    expect(bench.outcome(request(bench, testAccess({ issuedAtMs, macKeyLength })))).toMatch(/^[0-9a-f]{32}$/);
  });

  it('[X.5.3.1 a] [TURN server 4] [RFC 7635 7] a token is good until 5 s after its end, and then gets 401', () => {
    const bench = new AuthenticationBench(settings);
    const [seen, unseen] = [testAccess({ issuedAtMs }), testAccess({ issuedAtMs })];
    bench.nowMs = issuedAtMs + 604_999;
    expect(bench.outcome(request(bench, seen))).toMatch(/^[0-9a-f]{32}$/);
    bench.nowMs = issuedAtMs + 605_000;
    expect(bench.outcome(request(bench, seen))).toBe('401');
    expect(bench.outcome(request(bench, unseen))).toBe('401');
  });

  it.each([
    { fault: 'for another server', change: { serverName: 'other.example' } },
    {
      fault: 'under another key',
      change: { asRsKey: { kid: 'k256', algorithm: 'A256GCM', key: Buffer.alloc(32, 9) } },
    },
    { fault: 'of an unknown kid', change: { asRsKey: { kid: 'k9', algorithm: 'A256GCM', key: Buffer.alloc(32, 1) } } },
    { fault: 'that has ended', change: { issuedAtMs: issuedAtMs - 700_000 } },
    { fault: 'of a time to come', change: { issuedAtMs: issuedAtMs + 700_000 } },
  ] as const)('[TURN server 4] [RFC 7635 7] a token $fault gets 401', ({ change }) => {
    const bench = new AuthenticationBench(settings);
    expect(bench.outcome(request(bench, testAccess({ issuedAtMs, ...change })))).toBe('401');
  });

  it('[TURN server 4] [RFC 7635 7] a token with the kid of another key gets 401', () => {
    const bench = new AuthenticationBench(settings);
    expect(bench.outcome(request(bench, testAccess({ issuedAtMs }), { USERNAME: 'k128' }))).toBe('401');
  });

  it('[TURN server 4] [RFC 7635 6.2] a token with any octet changed gets 401', () => {
    const bench = new AuthenticationBench(settings);
    const access = testAccess({ issuedAtMs });
    for (let at = 0; at < access.accessToken.length; at += 1) {
      const accessToken = Uint8Array.from(access.accessToken, (octet, place) => (place === at ? octet ^ 1 : octet));
      expect(bench.outcome(request(bench, { ...access, accessToken }))).toBe('401');
    }
  });

  it('[X.5.3.1 a] [TURN server 4] a stolen token without its mac key gets 401, before and after it was used', () => {
    const bench = new AuthenticationBench(settings);
    const access = testAccess({ issuedAtMs });
    const thief = bench.request(partsOf(access), { key: Buffer.alloc(20) });
    expect(bench.outcome(thief)).toBe('401');
    expect(bench.outcome(request(bench, access))).not.toBe('401');
    expect(bench.outcome(thief)).toBe('401');
  });

  it('[RFC 7635 4] a token where none are taken gets 401', () => {
    const bench = new AuthenticationBench();
    expect(bench.outcome(request(bench, testAccess({ issuedAtMs })))).toBe('401');
  });

  it('[RFC 7635 4] a token beside a user name of X.5.2 gets 401', () => {
    const bench = new AuthenticationBench(settings);
    const USERNAME = 'b7c1f0d2a9e84c61:1700003600';
    expect(bench.outcome(request(bench, testAccess({ issuedAtMs }), { USERNAME }))).toBe('401');
  });

  it('[RFC 8489 9.2.4] takes part in the choice of algorithms: an offer that was cut gets 400', () => {
    const bench = new AuthenticationBench(settings);
    const md5 = encodePasswordAlgorithms(['MD5']);
    const cut = { 'PASSWORD-ALGORITHM': md5, 'PASSWORD-ALGORITHMS': md5 };
    expect(bench.outcome(request(bench, testAccess({ issuedAtMs }), cut))).toBe('400');
  });

  it('[X.5.3.1 c] [TURN server 6] its tid, in place of a user name, is made of the token and of nothing about a person', () => {
    const bench = new AuthenticationBench(settings);
    const [one, other] = [testAccess({ issuedAtMs }), testAccess({ issuedAtMs })];
    const digest = createHash('sha256').update(one.accessToken).digest('hex').slice(0, 32);
    expect(bench.outcome(request(bench, one))).toBe(digest);
    expect(bench.outcome(request(bench, other))).not.toBe(digest);
  });

  it('[RFC 7635 4.2] coturn’s keying is 16 octets of the mac key, and only where it is configured', () => {
    const coturn = new AuthenticationBench({ ...settings, TURN_OAUTH_KEYING: 'coturn' });
    const rfc7635 = new AuthenticationBench(settings);
    const access = testAccess({ issuedAtMs });
    const short = { key: Buffer.from(integrityKeyOf(access.macKey, 'coturn')) };
    expect(coturn.outcome(coturn.request(partsOf(access), short))).toMatch(/^[0-9a-f]{32}$/);
    expect(coturn.outcome(request(coturn, access))).toBe('401');
    expect(rfc7635.outcome(rfc7635.request(partsOf(access), short))).toBe('401');
  });

  it('[RFC 7635 4] without X.5.2, names are few and known, and the nonce cookie lets clients hide them', () => {
    const bench = new AuthenticationBench({ ...settings, TURN_SECRET: undefined });
    expect(bench.challenge().get(attributeType.NONCE)?.toString()).toMatch(/^obMatJos2AAAD/);
    const request = bench.request({ USERNAME: 'b7c1f0d2a9e84c61:1700003600' }, { key: Buffer.from('x') });
    expect(bench.outcome(request)).toBe('401');
  });
});

describe('Allocation by token', () => {
  const bench = new Bench();
  afterEach(() => bench.close());

  it.each(['UDP', 'TCP'] as const)(
    '[X.5.3.1 a] [TURN server 4] [RFC 7635 4] over %s: 401, Allocate, Refresh; never longer than the token',
    async (transport) => {
      const server = await bench.server(settings);
      const client = await bench.client(transport, server);
      const login = testAccess({ issuedAtMs: server.clock.now() });
      const challenge = await client.challenge(login);
      expect(outcomeOf(challenge)).toBe('error 401');
      expect(textOf(challenge, 'THIRD-PARTY-AUTHORIZATION')).toBe(testRealm);
      const answer = await client.request(method.Allocate, { attributes: [requestedUdp, lifetimeOf(3_600)] });
      expect(lifetimeIn(answer)).toBe(600);
      expect(answer.integrityAt).toBeDefined();
      server.clock.advance(100_000);
      expect(lifetimeIn(await client.request(method.Refresh, { attributes: [lifetimeOf(3_600)] }))).toBe(500);
    },
  );

  it('[RFC 7635 4] later requests need not bring the token again: the allocation has its key', async () => {
    const server = await bench.server(settings);
    const [client, stranger] = [await bench.client('UDP', server), await bench.client('UDP', server)];
    const login = testAccess({ issuedAtMs: server.clock.now() });
    await client.allocate(login);
    await stranger.challenge(login);
    expect(outcomeOf(await bareRefresh(client, login))).toBe('success');
    expect(outcomeOf(await bareRefresh(stranger, login))).toBe('error 401');
    expect(outcomeOf(await bareRefresh(client, { ...login, macKey: Buffer.alloc(20) }))).toBe('error 401');
  });

  it('[X.5.3.1 a] [RFC 7635 4] a Refresh with a newer token, under another key, leads the allocation beyond the first one’s end', async () => {
    const server = await bench.server(settings);
    const client = await bench.client('UDP', server);
    const older = testAccess({ issuedAtMs: server.clock.now() });
    await client.allocate(older);
    server.clock.advance(500_000);
    const newer = testAccess({ issuedAtMs: server.clock.now(), asRsKey: testKeys[1] });
    const answer = await client.request(method.Refresh, { login: newer, attributes: [lifetimeOf(3_600)] });
    expect(lifetimeIn(answer)).toBe(600);
    server.clock.advance(550_000);
    await client.challenge(newer);
    expect(outcomeOf(await bareRefresh(client, newer))).toBe('success');
    expect(outcomeOf(await bareRefresh(client, older))).toBe('error 401');
  });

  it('[X.5.2.2-6] [RFC 8656 5] a token does not go on with what a password began, nor the other way', async () => {
    const server = await bench.server(settings);
    const access = testAccess({ issuedAtMs: server.clock.now() });
    const password = testCredential(server.clock);
    for (const [first, second] of [
      [access, password],
      [password, access],
    ] as const) {
      const client = await bench.client('UDP', server);
      await client.allocate(first);
      expect(outcomeOf(await client.request(method.Refresh, { login: second }))).toBe('error 441');
    }
  });

  it('[X.5.3.1 a] [TURN server 4] once the token has ended, so has the allocation, and Refresh gets 401', async () => {
    const server = await bench.server(settings);
    const client = await bench.client('UDP', server);
    const login = testAccess({ issuedAtMs: server.clock.now(), lifetimeSeconds: 20 });
    await client.allocate(login);
    server.clock.advance(20_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
    server.clock.advance(5_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 401');
  });

  it('[X.5.2.2-6] [RFC 7635 4] passwords of X.5.2 are served beside tokens', async () => {
    const server = await bench.server(settings);
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    expect(outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('success');
  });

  it('[X.5.3.1 c] [TURN server 6] the log names the token by its digest: no token, no key, no user name', async () => {
    const server = await bench.server(settings);
    const client = await bench.client('UDP', server);
    const { accessToken, macKey } = testAccess({ issuedAtMs: server.clock.now() });
    await client.allocate({ kid: 'k256', accessToken, macKey });
    const log = server.log.join('\n');
    expect(log).toContain(createHash('sha256').update(accessToken).digest('hex').slice(0, 32));
    for (const secret of [accessToken, macKey].map((octets) => Buffer.from(octets))) {
      expect(log).not.toContain(secret.toString('base64'));
      expect(log).not.toContain(secret.toString('hex'));
    }
  });
});

function lifetimeIn(answer: DecodedMessage): number {
  return requiredValue(answer, 'LIFETIME').readUInt32BE(0);
}

/** A Refresh with the key of the token, but without it. */
function bareRefresh(client: TurnClient, { kid, macKey }: TurnAccess): Promise<DecodedMessage> {
  const attributes = [
    attribute('USERNAME', Buffer.from(kid)),
    attribute('REALM', Buffer.from(client.realm)),
    attribute('NONCE', Buffer.from(client.nonce)),
  ];
  const message = { class: 'request', method: method.Refresh, transactionId: randomBytes(12), attributes } as const;
  client.sendRaw(encodeMessage(message, { integrityKey: Buffer.from(macKey), fingerprint: false }));
  return client.response();
}

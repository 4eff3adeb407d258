import { attribute, encodeMessage, findAttribute, isIntegrityValid, longTermKey, method } from '@wicgate/stun';
import { encodeUnprotected, outcomeOf, requestedUdp, textOf } from '@wicgate/turn-client';
import { createTurnCredential } from '@wicgate/turn-credentials';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { testCredential, testRealm } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const wrongKey = Buffer.from('another secret of at least thirty-two characters');

describe.each(['UDP', 'TCP'] as const)('Long-term credentials over %s', (transport) => {
  it('[RFC 8489 9.2.4] a request without credentials is challenged with realm and nonce', async () => {
    const server = await bench.server();
    const client = await bench.client(transport, server);
    const answer = await client.exchange(method.Allocate, [requestedUdp]);
    expect(outcomeOf(answer)).toBe('error 401');
    expect(textOf(answer, 'REALM')).toBe(testRealm);
    expect(textOf(answer, 'NONCE')).toMatch(/^obMatJos2AAAB[0-9a-f]{48}$/);
    expect(answer.integrityAt).toBeUndefined();
  });

  it('[X.5.2.2-6] the password computed from USERNAME and Km is accepted, and the answer is protected', async () => {
    const server = await bench.server();
    const client = await bench.client(transport, server);
    const login = testCredential(server.clock);
    await client.challenge(login);
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp] });
    expect(outcomeOf(answer)).toBe('success');
    expect(isIntegrityValid(answer, longTermKey(login.username, testRealm, login.password))).toBe(true);
  });

  it.each(['Allocate', 'Refresh', 'CreatePermission', 'ChannelBind'] as const)(
    '[X.5.2.2-6] %s with a wrong password gets 401, with the right one it does not',
    async (name) => {
      const server = await bench.server();
      const client = await bench.client(transport, server);
      const login = testCredential(server.clock);
      await client.challenge(login);
      const wrong = await client.request(method[name], { login: { ...login, password: 'wrong' } });
      expect(outcomeOf(wrong)).toBe('error 401');
      expect(wrong.integrityAt).toBeUndefined();
      expect(outcomeOf(await client.request(method[name]))).not.toBe('error 401');
    },
  );

  it('[X.5.2.2-7] a credential past its Texp gets 401', async () => {
    const server = await bench.server();
    const client = await bench.client(transport, server);
    await client.challenge(testCredential(server.clock, 20));
    server.clock.advance(20_000);
    expect(outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('error 401');
  });

  it('[RFC 8489 9.2.4] a stale nonce gets 438 with one that works', async () => {
    const server = await bench.server();
    const client = await bench.client(transport, server);
    await client.challenge(testCredential(server.clock));
    server.clock.advance(transport === 'TCP' ? 20_000 : 600_000);
    const nonce = transport === 'TCP' ? client.nonce.slice(0, 13) + '0'.repeat(48) : client.nonce;
    const stale = await client.request(method.Allocate, { attributes: [requestedUdp], nonce });
    expect(outcomeOf(stale)).toBe('error 438');
    expect(textOf(stale, 'REALM')).toBe(testRealm);
    client.nonce = textOf(stale, 'NONCE');
    expect(outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('success');
  });
});

describe('Long-term credentials', () => {
  it('[RFC 8656 5] the nonce of one client is stale for another', async () => {
    const server = await bench.server();
    const [alice, eve] = [await bench.client('UDP', server), await bench.client('UDP', server)];
    const login = testCredential(server.clock);
    await alice.challenge(login);
    await eve.challenge(login);
    const answer = await eve.request(method.Allocate, { attributes: [requestedUdp], nonce: alice.nonce });
    expect(outcomeOf(answer)).toBe('error 438');
  });

  it('[RFC 8489 9.2.4] a stale nonce with a wrong password gets 401', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    const login = testCredential(server.clock);
    await client.challenge(login);
    const answer = await client.request(method.Allocate, { nonce: 'stale', login: { ...login, password: 'wrong' } });
    expect(outcomeOf(answer)).toBe('error 401');
  });

  it.each([
    { fault: 'no colon', username: 'alice' },
    { fault: 'the other order', username: '1700003600:b7c1f0d2a9e84c61' },
    { fault: 'a name of an object member', username: 'constructor' },
    { fault: 'a Tid of digits', username: '1234567890123456:1800000000' },
    { fault: 'nothing', username: '' },
    { fault: '508 octets', username: 'a'.repeat(508) },
  ])('[X.5.2.2-5] a user name of $fault gets 401', async ({ username }) => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge({ username, password: 'x' });
    expect(outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('error 401');
  });

  it('[RFC 8489 9.2.4] another realm gets 401', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp], realm: 'other.example' });
    expect(outcomeOf(answer)).toBe('error 401');
  });

  it('[X.5.2.2-6] a credential made with another key gets 401', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    const expiresAtSeconds = Math.floor(server.clock.now() / 1_000) + 3_600;
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(9);
    await client.challenge(createTurnCredential({ key: wrongKey, expiresAtSeconds, random }));
    expect(outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('error 401');
  });

  it.each(['USERNAME', 'REALM', 'NONCE'] as const)(
    '[RFC 8489 9.2.4] a request without %s gets 400',
    async (missing) => {
      const server = await bench.server();
      const client = await bench.client('UDP', server);
      const names = (['USERNAME', 'REALM', 'NONCE'] as const).filter((name) => name !== missing);
      const credentials = names.map((name) => attribute(name, Buffer.from('x')));
      const octets = encodeUnprotected('request', method.Allocate, [
        ...credentials,
        attribute('MESSAGE-INTEGRITY', Buffer.alloc(20)),
      ]);
      client.sendRaw(octets);
      const answer = await client.response();
      expect(outcomeOf(answer)).toBe('error 400');
      expect(findAttribute(answer, 'NONCE')).toBeUndefined();
    },
  );

  it.each(['sha1', 'sha256'] as const)('[RFC 8489 9.2.4] a request with %s gets an answer with it', async (hash) => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    const login = testCredential(server.clock);
    await client.challenge(login);
    const texts = { USERNAME: login.username, REALM: client.realm, NONCE: client.nonce } as const;
    const attributes = [
      requestedUdp,
      ...Object.entries(texts).map(([name, text]) => attribute(name as keyof typeof texts, Buffer.from(text))),
    ];
    const message = { class: 'request', method: method.Allocate, transactionId: Buffer.alloc(12), attributes } as const;
    const integrityKey = longTermKey(login.username, testRealm, login.password);
    client.sendRaw(encodeMessage(message, { integrityKey, integrityHash: hash, fingerprint: true }));
    const answer = await client.response();
    expect(outcomeOf(answer)).toBe('success');
    expect(isIntegrityValid(answer, integrityKey, hash)).toBe(true);
    expect(isIntegrityValid(answer, integrityKey, hash === 'sha1' ? 'sha256' : 'sha1')).toBe(false);
  });

  it('[RFC 8489 14.3] a USERNAME of 509 octets gets 400', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge({ username: 'a'.repeat(509), password: 'x' });
    expect(outcomeOf(await client.request(method.Allocate))).toBe('error 400');
  });
});

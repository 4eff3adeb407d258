import { attribute, method } from '@wicgate/stun';
import { outcomeOf, requestedUdp, requiredValue, type TokenLogin, type TurnClient, textOf } from '@wicgate/turn-client';
import { turnAccessTokenId } from '@wicgate/turn-credentials';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './testing/bench.ts';
import { operatorToken } from './testing/operator.ts';
import { createTestCertificates, type TestCertificates } from './testing/test-certificates.ts';
import { type TestServer, testRealm } from './testing/test-server.ts';
import { TestFiles, testAccess, testKeys } from './testing/turn-access-keys.ts';

const bench = new Bench();
const files = new TestFiles();
const settings = { TURN_OAUTH_KEYS_FILE: files.keys() };
let certificates: TestCertificates;

beforeAll(async () => {
  certificates = await createTestCertificates();
});
afterEach(() => bench.close());
afterAll(() => {
  certificates.remove();
  files.remove();
});

describe.each(['UDP', 'TCP', 'TLS'] as const)('A client with an access token, over %s', (transport) => {
  it('[X.5.3] [TURN 4] is told where tokens come from, allocates, permits, sends, receives and refreshes', async () => {
    const server = await bench.server({ ...settings, ...certificates.settings, TURN_TLS_PORT: '0' });
    const client = await open(server, transport);
    const challenge = await client.exchange(method.Allocate, [requestedUdp]);
    expect(outcomeOf(challenge)).toBe('error 401');
    expect(textOf(challenge, 'THIRD-PARTY-AUTHORIZATION')).toBe(testRealm);

    const relayed = await client.allocate(loginFor(server));
    const peer = await bench.peer();
    expect(outcomeOf(await client.permit(peer.endpoint))).toBe('success');
    client.sendTo(peer.endpoint, 'to the peer');
    expect(await peer.inbox.take()).toEqual({ data: 'to the peer', port: relayed.port });
    peer.send('to the client', relayed);
    expect(await client.received()).toBe(`indication from 127.0.0.1:${peer.endpoint.port}: to the client`);
    expect(outcomeOf(await client.bind(0x4000, peer.endpoint))).toBe('success');
    client.sendOnChannel(0x4000, 'on a channel');
    expect(await peer.inbox.take()).toMatchObject({ data: 'on a channel' });

    const refreshed = await client.refresh(1_200);
    expect(outcomeOf(refreshed)).toBe('success');
    expect(requiredValue(refreshed, 'LIFETIME').readUInt32BE(0)).toBe(1_200);
    expect(outcomeOf(await client.refresh(0))).toBe('success');
    expect(outcomeOf(await client.permit(peer.endpoint))).toBe('error 437');
  });
});

describe('A client with an access token', () => {
  it.each(testKeys)(
    '[X.5.3] is served with a token made with $algorithm, its mac key of any length',
    async (asRsKey) => {
      const server = await bench.server(settings);
      for (const macKeyLength of [16, 20, 32, 64]) {
        const client = await bench.client('UDP', server);
        const access = testAccess({ issuedAtMs: server.clock.now(), asRsKey, macKeyLength });
        expect(await client.allocate(access)).toMatchObject({ address: '127.0.0.1' });
      }
    },
  );

  it('[X.5.3] agrees with the server on the keying, or is refused', async () => {
    for (const TURN_OAUTH_KEYING of ['rfc7635', 'coturn'] as const) {
      const server = await bench.server({ ...settings, TURN_OAUTH_KEYING });
      for (const macKeying of ['rfc7635', 'coturn'] as const) {
        const client = await bench.client('UDP', server);
        await client.challenge({ ...loginFor(server), macKeying });
        const answer = await client.request(method.Allocate, { attributes: [requestedUdp] });
        expect(outcomeOf(answer)).toBe(macKeying === TURN_OAUTH_KEYING ? 'success' : 'error 401');
      }
    }
  });

  it('[X.5.3] is refused without the token, and with that of another server', async () => {
    const server = await bench.server(settings);
    const client = await bench.client('UDP', server);
    const { kid, macKey } = loginFor(server);
    await client.challenge(loginFor(server));
    for (const accessToken of [Buffer.alloc(0), foreignToken(server)]) {
      const login = { kid, macKey, accessToken };
      const answer = await client.request(method.Allocate, { attributes: [requestedUdp], login });
      expect(outcomeOf(answer)).toMatch(/^error 40[01]$/);
    }
    const stray = [requestedUdp, attribute('ACCESS-TOKEN', Buffer.from('stray'))];
    expect(outcomeOf(await client.exchange(method.Allocate, stray))).toBe('error 401');
  });

  it('[RFC 7635 7] [X.5.3.1 a] whose clock is late gets, in the grace after its token, an allocation for the rest of it', async () => {
    const server = await bench.server(settings);
    const access = testAccess({ issuedAtMs: server.clock.now(), lifetimeSeconds: 600 });
    const client = await bench.client('UDP', server);
    server.clock.advance(602_000);
    await client.challenge(access);
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp] });
    expect([outcomeOf(answer), requiredValue(answer, 'LIFETIME').readUInt32BE(0)]).toEqual(['success', 3]);
    server.clock.advance(2_999);
    expect(outcomeOf(await client.permit((await bench.peer()).endpoint))).toBe('success');
    server.clock.advance(1);
    expect(await server.operations.metrics.getSingleMetricAsString('turn_allocations')).toContain('turn_allocations 0');
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 401');
  });

  it.each([0, 1, 2])(
    '[X.5.3.1 a] [TURN server 3] loses an allocation with the token that it was made with or refreshed with last: token %i of 3',
    async (revoked) => {
      const server = await bench.server({ ...settings, TURN_OPERATOR_TOKEN: operatorToken });
      const operator = await bench.operator(server);
      const client = await open(server, 'UDP');
      const logins = [loginFor(server), loginFor(server), loginFor(server)];
      const [first = loginFor(server), ...newer] = logins;
      await client.allocate(first);
      for (const login of newer) {
        client.login = login;
        expect(outcomeOf(await client.refresh(1_200))).toBe('success');
      }
      const tids = [turnAccessTokenId(logins[revoked]?.accessToken ?? Buffer.alloc(0))];
      await operator.ask('POST', '/turn/revocations', { body: { tids, until: 9_999_999_999 } });
      const count = revoked === 1 ? 1 : 0;
      expect(await operator.ask('GET', '/turn/allocations')).toMatchObject({ body: { count } });
    },
  );

  it('[RFC 8489 9.2.4] takes the fresh nonce when its own is stale', async () => {
    const server = await bench.server(settings);
    const client = await bench.client('UDP', server);
    await client.allocate(loginFor(server));
    client.nonce = 'stale';
    expect(outcomeOf(await client.refresh(120))).toBe('success');
    expect(client.nonce).not.toBe('stale');
  });
});

function open(server: TestServer, transport: 'UDP' | 'TCP' | 'TLS'): Promise<TurnClient> {
  const port = server.endpoints.find((endpoint) => endpoint.transport === transport)?.port ?? 0;
  return bench.client(transport, server, { host: '127.0.0.1', port, ...certificates.trust });
}

function loginFor(server: TestServer): TokenLogin {
  return testAccess({ issuedAtMs: server.clock.now(), lifetimeSeconds: 3_600 });
}

function foreignToken(server: TestServer): Uint8Array {
  return testAccess({ issuedAtMs: server.clock.now(), serverName: 'else.example' }).accessToken;
}

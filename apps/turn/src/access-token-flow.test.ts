import { attribute, method } from '@wicgate/stun';
import { outcomeOf, requestedUdp, requiredValue, type TokenLogin, type TurnClient, textOf } from '@wicgate/turn-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Bench } from './testing/bench.ts';
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

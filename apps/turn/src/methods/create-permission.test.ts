import { attribute, type Endpoint, method } from '@wicgate/stun';
import { outcomeOf } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

function ipv4(address: string, port = 5_000): Endpoint {
  return { family: 'IPv4', address, port };
}

function ipv6(address: string): Endpoint {
  return { family: 'IPv6', address, port: 5_000 };
}

const denied = [
  ...['127.0.0.2', '127.1.2.3', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1'].map((a) => ipv4(a)),
  ...['169.254.169.254', '224.0.0.1', '255.255.255.255', '240.0.0.1'].map((a) => ipv4(a)),
  ...['::', '::1', '::ffff:7f00:1', '::ffff:a9fe:a9fe', '::7f00:1', 'fe80::1', 'fc00::1', 'ff02::1'].map((a) =>
    ipv6(a),
  ),
  ...['64:ff9b::7f00:1', '2002:7f00:1::1'].map((a) => ipv6(a)),
];

describe.each(['UDP', 'TCP'] as const)('CreatePermission over %s', (transport) => {
  it('[RFC 8656 10.2] permits public peers, whatever the port, several at once', async () => {
    const server = await bench.server({ TURN_ALLOW_LOOPBACK_PEERS: 'false' });
    const { client } = await bench.allocated(transport, server);
    expect(outcomeOf(await client.permit(ipv4('8.8.8.8', 0)))).toBe('success');
    expect(outcomeOf(await client.permit(ipv4('8.8.8.8'), ipv4('1.1.1.1')))).toBe('success');
  });

  it.each(denied)('[RFC 8656 21.2.2] denies $address with 403, for permissions and channels', async (peer) => {
    const server = await bench.server({ TURN_ALLOW_LOOPBACK_PEERS: 'false' });
    const { client } = await bench.allocated(transport, server);
    expect(outcomeOf(await client.permit(peer))).toBe('error 403');
    expect(outcomeOf(await client.bind(0x4000, peer))).toBe('error 403');
  });

  it('[RFC 8656 10.2] one denied peer among others denies the request', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    const peer = await bench.peer();
    expect(outcomeOf(await client.permit(peer.endpoint, ipv4('10.0.0.1')))).toBe('error 403');
    client.sendTo(peer.endpoint, 'too early');
    expect(outcomeOf(await client.permit(peer.endpoint))).toBe('success');
    client.sendTo(peer.endpoint, 'in time');
    expect(await peer.inbox.take()).toMatchObject({ data: 'in time' });
  });
});

describe('CreatePermission', () => {
  it('[RFC 8656 21.2.2] denies the server’s own address in the lab too', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    expect(outcomeOf(await client.permit(ipv4('127.0.0.1', server.address.port)))).toBe('error 403');
    expect(outcomeOf(await client.bind(0x4000, ipv4('127.0.0.1', server.address.port)))).toBe('error 403');
    expect(outcomeOf(await client.permit(ipv4('127.0.0.1', 0)))).toBe('success');
  });

  it('[RFC 8656 10.2] a public IPv6 peer gets 443', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    expect(outcomeOf(await client.permit(ipv6('2606:4700::1111')))).toBe('error 443');
    expect(outcomeOf(await client.bind(0x4000, ipv6('2606:4700::1111')))).toBe('error 443');
  });

  it('[RFC 8656 10.2] without a peer, or with half of one, gets 400', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    expect(outcomeOf(await client.request(method.CreatePermission))).toBe('error 400');
    const attributes = [attribute('XOR-PEER-ADDRESS', Buffer.from([0, 1, 2]))];
    expect(outcomeOf(await client.request(method.CreatePermission, { attributes }))).toBe('error 400');
  });

  it('[RFC 8656 10.2] without an allocation gets 437, of another user 441', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    expect(outcomeOf(await client.permit(ipv4('127.0.0.1')))).toBe('error 437');
    const { client: other } = await bench.allocated('UDP', server);
    other.login = testCredential(server.clock);
    expect(outcomeOf(await other.permit(ipv4('127.0.0.1')))).toBe('error 441');
  });

  it('bounds the permissions of an allocation: 508', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const peers = (from: number, count: number): Endpoint[] =>
      Array.from({ length: count }, (_, at) => ipv4(`8.8.${from}.${at}`));
    for (const from of [1, 2, 3, 4]) expect(outcomeOf(await client.permit(...peers(from, 32)))).toBe('success');
    expect(outcomeOf(await client.permit(...peers(5, 1)))).toBe('error 508');
    expect(outcomeOf(await client.permit(...peers(4, 32)))).toBe('success');
    server.clock.advance(300_000);
    expect(outcomeOf(await client.permit(...peers(5, 1)))).toBe('success');
  });
});

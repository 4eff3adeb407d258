import { attribute, type DecodedMessage, type Endpoint, method, type StunAttribute } from '@wicgate/stun';
import { outcomeOf, requestedUdp, type TurnClient } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { type TestServer, testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const requestIPv4 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([1, 0, 0, 0]));
const requestIPv6 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));
const withIPv6 = { TURN_RELAY_HOST_IPV6: '::1' };
const loopbackIPv6 = '0:0:0:0:0:0:0:1';

describe.each(['UDP', 'TCP'] as const)('An IPv6 allocation over %s', (transport) => {
  it('[RFC 8656 7.2] [RFC 8656 11] relays both ways, by indications and by a channel', async () => {
    const { client, relayed } = await allocatedIPv6(transport);
    expect(relayed).toMatchObject({ family: 'IPv6', address: loopbackIPv6 });
    const peer = await bench.peer('::1');
    const peerText = `${loopbackIPv6}:${peer.endpoint.port}`;
    expect(outcomeOf(await client.permit(peer.endpoint))).toBe('success');
    client.sendTo(peer.endpoint, 'by indication');
    expect(await peer.inbox.take()).toEqual({ data: 'by indication', port: relayed.port });
    peer.send('back', relayed);
    expect(await client.received()).toBe(`indication from ${peerText}: back`);

    expect(outcomeOf(await client.bind(0x4001, peer.endpoint))).toBe('success');
    client.sendOnChannel(0x4001, 'by channel');
    expect(await peer.inbox.take()).toEqual({ data: 'by channel', port: relayed.port });
    peer.send('back1', relayed);
    expect(await client.received()).toContain('channel 4001: back1');
  });

  it('[RFC 8656 10.2] [RFC 8656 12.2] a peer of IPv4 gets 443', async () => {
    const { client } = await allocatedIPv6(transport);
    const peer = await bench.peer();
    expect(outcomeOf(await client.permit(peer.endpoint))).toBe('error 443');
    expect(outcomeOf(await client.bind(0x4000, peer.endpoint))).toBe('error 443');
  });

  it('[RFC 8656 10.2] a datagram without permission is dropped', async () => {
    const { client, relayed, server } = await allocatedIPv6(transport);
    const peer = await bench.peer('::1');
    peer.send('uninvited', relayed);
    const dropped = (): Promise<string> => server.operations.metrics.getSingleMetricAsString('turn_dropped_total');
    await expect.poll(dropped).toContain('reason="no_permission"} 1');
    expect(client.unreadCount).toBe(0);
  });
});

describe('An IPv6 allocation', () => {
  it.each([
    '0:0:0:0:0:ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '0:0:0:0:0:ffff:808:808',
    '0:0:0:0:0:0:7f00:1',
    '0:0:0:0:0:0:0:0',
    'fe80:0:0:0:0:0:0:1',
    'fd00:ec2:0:0:0:0:0:254',
    'ff02:0:0:0:0:0:0:1',
    '64:ff9b:0:0:0:0:a9fe:a9fe',
  ])('[RFC 8656 21.2.2] %s is denied with 403', async (address) => {
    const { client } = await allocatedIPv6('UDP');
    const peer = { family: 'IPv6', address, port: 5_000 } as const;
    expect(outcomeOf(await client.permit(peer))).toBe('error 403');
    expect(outcomeOf(await client.bind(0x4000, peer))).toBe('error 403');
  });

  it('[RFC 8656 21.2.2] a public peer is allowed', async () => {
    const { client } = await allocatedIPv6('UDP');
    const peer = { family: 'IPv6', address: '2606:4700:0:0:0:0:0:1111', port: 5_000 } as const;
    expect(outcomeOf(await client.permit(peer))).toBe('success');
  });

  it('[RFC 8656 7.2] is not to be had, with 440, where the server has no IPv6 relay', async () => {
    const server = await bench.server();
    const client = await challenged(server);
    expect(outcomeOf(await allocate(client, requestIPv6))).toBe('error 440');
    expect(outcomeOf(await allocate(client, requestIPv4))).toBe('success');
  });

  it('[RFC 8656 8.2] is refreshed as IPv6, and not as IPv4', async () => {
    const { client } = await allocatedIPv6('UDP');
    expect(outcomeOf(await client.request(method.Refresh, { attributes: [requestIPv4] }))).toBe('error 443');
    expect(outcomeOf(await client.request(method.Refresh, { attributes: [requestIPv6] }))).toBe('success');
  });

  it('[RFC 8656 11] two of them reach one another', async () => {
    const { server, client, relayed } = await allocatedIPv6('UDP');
    const other = await bench.client('TCP', server);
    const otherRelayed = await other.allocate(testCredential(server.clock), [requestIPv6]);
    await client.permit(otherRelayed);
    await other.permit(relayed);
    client.sendTo(otherRelayed, 'neighbour');
    expect(await other.received()).toBe(`indication from ${loopbackIPv6}:${relayed.port}: neighbour`);
  });
});

describe('A relay behind a 1:1 NAT', () => {
  it('[RFC 8656 7.2] is told by its public address', async () => {
    const server = await bench.server({ TURN_RELAY_PUBLIC_HOST: '198.51.100.7' });
    const { client, relayed } = await bench.allocated('UDP', server);
    expect(relayed).toMatchObject({ family: 'IPv4', address: '198.51.100.7' });
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    client.sendTo(peer.endpoint, 'out');
    expect(await peer.inbox.take()).toEqual({ data: 'out', port: relayed.port });
    peer.send('in', { ...relayed, address: '127.0.0.1' });
    expect(await client.received()).toContain('in');
  });

  it('[RFC 8656 11] lets its clients meet by their public addresses, which nothing else may be sent to', async () => {
    const server = await bench.server({ TURN_RELAY_PUBLIC_HOST: '198.51.100.7' });
    const one = await bench.allocated('UDP', server);
    const two = await bench.allocated('UDP', server);
    await one.client.permit(two.relayed);
    await two.client.permit(one.relayed);
    one.client.sendTo(two.relayed, 'hairpin');
    expect(await two.client.received()).toBe(`indication from 198.51.100.7:${one.relayed.port}: hairpin`);
    one.client.sendTo({ ...two.relayed, port: 22 }, 'to the machine');
    const dropped = (): Promise<string> => server.operations.metrics.getSingleMetricAsString('turn_dropped_total');
    await expect.poll(dropped).toContain('own_address"} 1');
  });
});

interface AllocatedIPv6 {
  readonly server: TestServer;
  readonly client: TurnClient;
  readonly relayed: Endpoint;
}

async function allocatedIPv6(transport: 'UDP' | 'TCP'): Promise<AllocatedIPv6> {
  const server = await bench.server(withIPv6);
  const client = await bench.client(transport, server);
  return { server, client, relayed: await client.allocate(testCredential(server.clock), [requestIPv6]) };
}

async function challenged(server: TestServer): Promise<TurnClient> {
  const client = await bench.client('UDP', server);
  await client.challenge(testCredential(server.clock));
  return client;
}

function allocate(client: TurnClient, ...attributes: readonly StunAttribute[]): Promise<DecodedMessage> {
  return client.request(method.Allocate, { attributes: [requestedUdp, ...attributes] });
}

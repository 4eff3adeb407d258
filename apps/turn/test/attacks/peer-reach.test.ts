import { lookup } from 'node:dns/promises';
import { PerformanceObserver } from 'node:perf_hooks';
import { attribute, type Endpoint, method } from '@wicgate/stun';
import { outcomeOf, type Peer, peerAttribute, requestedUdp, type TurnClient } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../../src/testing/bench.ts';
import { type TestServer, testCredential } from '../../src/testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

/** Addresses of other machines and of this one that an attacker would like to reach, in every form that TURN knows. */
const targets = [
  ...['127.0.0.1', '127.0.0.53', '127.255.255.254', '0.0.0.0', '0.0.0.1', '10.0.0.1', '172.31.255.254'],
  ...['192.168.0.1', '169.254.169.254', '100.100.100.200', '192.0.0.192', '168.63.129.16', '224.0.0.251'],
  ...['255.255.255.255', '240.0.0.1', '198.51.100.1', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1'],
  ...['::ffff:0:127.0.0.1', '::ffff:169.254.169.254', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::7f00:1'],
  ...['64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2001:0:7f00:1::', 'fe80::1', 'fd00:ec2::254'],
  ...['fd20:ce::254', 'fc00::1', 'fec0::1', 'ff02::1', '2001:db8::1'],
];
/** One peer on loopback is allowed, so that what is refused is refused for its address alone. */
const settings = { TURN_ALLOW_LOOPBACK_PEERS: 'false', TURN_ALLOWED_PEERS: '127.0.0.2' };

function endpoint(address: string, port: number): Endpoint {
  return { family: address.includes(':') ? 'IPv6' : 'IPv4', address, port };
}

async function relayedPackets(server: TestServer): Promise<string> {
  const text = await server.operations.metrics.getSingleMetricAsString('turn_relayed_packets_total');
  return /direction="to_peer"\} (\d+)/u.exec(text)?.[1] ?? '';
}

/** Tries all that a client has to send a datagram there; what each was answered. */
async function attack(client: TurnClient, target: Endpoint): Promise<readonly string[]> {
  const answers = [await client.permit(target), await client.bind(0x4000, target)];
  client.sendTo(target, 'by a Send indication');
  client.sendOnChannel(0x4000, 'on a channel');
  const transactionId = Buffer.alloc(12, 7);
  client.sendRaw(
    client.encodeRequest(method.Connect, { attributes: [peerAttribute(target, transactionId)], transactionId }),
  );
  // RFC 6062 is not served: dropped, or refused where it is.
  const answer = await client.exchange(method.Binding);
  if (answer.method === method.Connect) await client.response();
  return [...answers.map(outcomeOf), answer.method === method.Connect ? outcomeOf(answer) : 'no Connect'];
}

describe('An allocation', () => {
  it.each(targets)(
    '[RFC 8656 21.2.2] [TURN server 3] reaches nobody at %s, while an allowed peer hears it',
    async (to) => {
      const server = await bench.server(settings);
      const { client, relayed } = await bench.allocated('UDP', server);
      const victims = [await bench.peer('127.0.0.1'), await bench.peer('127.0.0.53')];
      const allowed = await bench.peer('127.0.0.2');
      const target = endpoint(to, victims[to === '127.0.0.53' ? 1 : 0]?.endpoint.port ?? 0);

      const [permission, channel, connection] = await attack(client, target);
      expect([permission, channel]).toEqual(['error 403', 'error 403']);
      expect(connection).not.toBe('success');
      expect(await relayedPackets(server)).toBe('0');

      await client.permit(allowed.endpoint);
      client.sendTo(allowed.endpoint, 'allowed');
      expect(await allowed.inbox.take()).toEqual({ data: 'allowed', port: relayed.port });
      expect(victims.map(({ inbox }) => inbox.size)).toEqual([0, 0]);
    },
  );

  it('[RFC 8656 21.2.2] of IPv6 reaches nobody of IPv4 through an address that carries one', async () => {
    const server = await bench.server({ ...settings, TURN_RELAY_HOST_IPV6: '::1', TURN_ALLOWED_PEERS: '::1' });
    const client = await bench.client('UDP', server);
    const family = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));
    await client.allocate(testCredential(server.clock), [family]);
    const victim = await bench.peer('127.0.0.1');
    const allowed = await bench.peer('::1');
    for (const to of targets.filter((address) => address.includes(':') && address !== '::1')) {
      const [permission, channel] = await attack(client, endpoint(to, victim.endpoint.port));
      expect([to, permission, channel]).toEqual([to, 'error 403', 'error 403']);
    }
    expect(await relayedPackets(server)).toBe('0');
    await client.permit(allowed.endpoint);
    client.sendTo(allowed.endpoint, 'allowed');
    expect(await allowed.inbox.take()).toMatchObject({ data: 'allowed' });
    expect(victim.inbox.size).toBe(0);
  });

  it('[RFC 8656 21.2.2] that permitted an address reaches no port there on which the server itself listens', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    const own = endpoint('127.0.0.1', server.address.port);
    expect(outcomeOf(await client.permit(endpoint('127.0.0.1', 0)))).toBe('success');
    expect(outcomeOf(await client.bind(0x4000, own))).toBe('error 403');
    client.sendTo(own, 'to the server itself');
    client.sendTo(peer.endpoint, 'to a peer');
    expect(await peer.inbox.take()).toMatchObject({ data: 'to a peer' });
    expect(await server.operations.metrics.getSingleMetricAsString('turn_dropped_total')).toContain(
      'turn_dropped_total{reason="own_address"} 1',
    );
  });

  it('[RFC 8656 21.2.2] no name is ever resolved: TURN has addresses only', async () => {
    const resolved: string[] = [];
    const observer = new PerformanceObserver((list) => resolved.push(...list.getEntries().map(({ name }) => name)));
    observer.observe({ entryTypes: ['dns'] });
    const server = await bench.server();
    const { client } = await bench.allocated('TCP', server);
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    client.sendTo(peer.endpoint, 'hello');
    expect(await peer.inbox.take()).toMatchObject({ data: 'hello' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(resolved).toEqual([]);
    // The same eyes see a name that is resolved.
    await lookup('localhost');
    await expect.poll(() => resolved, { interval: 1 }).toEqual(['lookup']);
    observer.disconnect();
  });
});

describe('Tenants', () => {
  it.each(['UDP', 'TCP'] as const)(
    '[RFC 8656 9] [X.5.1] over %s one reaches the other by that one’s permission only, on every way',
    async (transport) => {
      const server = await bench.server();
      const [mallory, alice] = [await bench.allocated(transport, server), await bench.allocated(transport, server)];
      await mallory.client.bind(0x4000, alice.relayed);
      mallory.client.sendOnChannel(0x4000, 'uninvited');
      mallory.client.sendTo(alice.relayed, 'uninvited');
      expect(outcomeOf(await mallory.client.exchange(method.Binding))).toBe('success');
      expect(outcomeOf(await alice.client.exchange(method.Binding))).toBe('success');
      expect(alice.client.unreadCount).toBe(0);
      await alice.client.permit(mallory.relayed);
      mallory.client.sendTo(alice.relayed, 'invited');
      expect(await alice.client.received()).toBe(`indication from 127.0.0.1:${mallory.relayed.port}: invited`);
    },
  );

  it('[RFC 8656 5] [X.5.1] one can neither see, end nor use what the other has', async () => {
    const server = await bench.server();
    const [mallory, alice] = [await bench.allocated('UDP', server), await bench.allocated('UDP', server)];
    const stranger = await bench.client('UDP', server);
    await stranger.challenge(testCredential(server.clock));
    expect(outcomeOf(await stranger.refresh(0))).toBe('error 437');
    // With her credential he gets an allocation of his own, not hers; with his, hers is none of his business.
    stranger.login = alice.client.login;
    expect(outcomeOf(await stranger.refresh(0))).toBe('error 437');
    alice.client.login = mallory.client.login;
    expect(outcomeOf(await alice.client.refresh(0))).toBe('error 441');
    expect(outcomeOf(await stranger.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('success');
  });
});

describe('A relay behind a 1:1 NAT', () => {
  const natted = { TURN_ALLOW_LOOPBACK_PEERS: 'false', TURN_RELAY_PUBLIC_HOST: '203.0.113.9' };

  async function call(server: TestServer): Promise<{ alice: TurnClient; bob: TurnClient; relayed: Endpoint }> {
    const [one, other] = [await bench.allocated('UDP', server), await bench.allocated('UDP', server)];
    expect(outcomeOf(await one.client.bind(0x4000, other.relayed))).toBe('success');
    expect(outcomeOf(await other.client.bind(0x4001, one.relayed))).toBe('success');
    return { alice: one.client, bob: other.client, relayed: other.relayed };
  }

  it('[RFC 8656 3] carries a call from relay to relay of the same server, no loopback allowed', async () => {
    const server = await bench.server(natted);
    const { alice, bob, relayed } = await call(server);
    expect(relayed.address).toBe('203.0.113.9');
    alice.sendOnChannel(0x4000, 'hello');
    expect(await bob.received()).toBe('channel 4001: hello');
    bob.sendOnChannel(0x4001, 'hello too');
    expect(await alice.received()).toBe('channel 4000: hello too');
  });

  it('[RFC 8656 21.2.2] reaches no other port of the relay’s address, whoever listens there', async () => {
    const server = await bench.server(natted);
    const { alice, bob, relayed } = await call(server);
    const program: Peer = await bench.peer('127.0.0.1');
    for (const address of [relayed.address, '127.0.0.1']) alice.sendTo(endpoint(address, program.endpoint.port), 'no');
    await alice.bind(0x4002, endpoint(relayed.address, program.endpoint.port));
    alice.sendOnChannel(0x4002, 'no');
    alice.sendOnChannel(0x4000, 'marker');
    expect(await bob.received()).toBe('channel 4001: marker');
    expect(program.inbox.size).toBe(0);
    const dropped = await server.operations.metrics.getSingleMetricAsString('turn_dropped_total');
    expect(dropped).toContain('turn_dropped_total{reason="own_address"} 2');
    expect(dropped).toContain('turn_dropped_total{reason="no_permission"} 1');
  });

  it('[RFC 8656 8] what was sent to an allocation that ended reaches nobody', async () => {
    const server = await bench.server(natted);
    const { alice, bob } = await call(server);
    await bob.refresh(0);
    alice.sendOnChannel(0x4000, 'too late');
    expect(outcomeOf(await alice.exchange(method.Binding))).toBe('success');
    expect(await server.operations.metrics.getSingleMetricAsString('turn_dropped_total')).toContain(
      'turn_dropped_total{reason="own_address"} 1',
    );
  });
});

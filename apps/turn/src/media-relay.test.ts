import { attribute, encodeChannelData, method } from '@wicgate/stun';
import { encodeUnprotected, type Login, outcomeOf, textOf } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from './testing/bench.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe.each(['UDP', 'TCP'] as const)('Media over %s', (transport) => {
  it('[RFC 8656 11] travels in Send and Data indications', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated(transport, server);
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    client.sendTo(peer.endpoint, 'to the peer');
    expect(await peer.inbox.take()).toEqual({ data: 'to the peer', port: relayed.port });
    for (const data of ['to the client', 'x', '']) {
      peer.send(data, relayed);
      expect(await client.received()).toBe(`indication from 127.0.0.1:${peer.endpoint.port}: ${data}`);
    }
  });

  it('[RFC 8656 12.6] travels on a channel, both ways, of any length', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated(transport, server);
    const peer = await bench.peer();
    await client.bind(0x4abc, peer.endpoint);
    for (const data of ['', 'x', 'four', 'seven77', 'y'.repeat(1_200)]) {
      client.sendOnChannel(0x4abc, data);
      expect(await peer.inbox.take()).toEqual({ data, port: relayed.port });
      peer.send(data, relayed);
      expect(await client.received()).toBe(`channel 4abc: ${data}`);
    }
  });

  it('[RFC 8656 10] without a permission it is dropped, both ways', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated(transport, server);
    const [peer, stranger] = [await bench.peer('127.0.0.1'), await bench.peer('127.0.0.2')];
    await client.permit(peer.endpoint);
    client.sendTo(stranger.endpoint, 'not permitted');
    client.sendTo(peer.endpoint, 'permitted');
    expect(await peer.inbox.take()).toMatchObject({ data: 'permitted' });
    stranger.send('not permitted', relayed);
    peer.send('permitted', relayed);
    expect(await client.received()).toContain('permitted');
    expect([client.unreadCount, stranger.inbox.size]).toEqual([0, 0]);
    expect(await server.operations.metrics.getSingleMetricAsString('turn_dropped_total')).toContain(
      'turn_dropped_total{reason="no_permission"} 2',
    );
  });

  it('[RFC 8656 10] a permission lasts 300 s, and again when refreshed', async () => {
    const server = await bench.server({ TURN_DEFAULT_LIFETIME_SECONDS: '3600' });
    const { client, relayed } = await bench.allocated(transport, server);
    const [early, late] = [await bench.peer('127.0.0.1'), await bench.peer('127.0.0.2')];
    await client.permit(early.endpoint);
    server.clock.advance(150_000);
    await client.permit(late.endpoint);
    server.clock.advance(150_000);
    client.sendTo(early.endpoint, 'too late');
    client.sendTo(late.endpoint, 'in time');
    expect(await late.inbox.take()).toMatchObject({ data: 'in time' });
    early.send('too late', relayed);
    late.send('in time', relayed);
    expect(await client.received()).toContain('in time');
    await client.permit(early.endpoint);
    client.sendTo(early.endpoint, 'again');
    expect(await early.inbox.take()).toMatchObject({ data: 'again' });
  });

  it('[RFC 8656 12] a channel without its permission is silent until it is refreshed', async () => {
    const server = await bench.server({ TURN_DEFAULT_LIFETIME_SECONDS: '3600' });
    const { client, relayed } = await bench.allocated(transport, server);
    const [peer, marker] = [await bench.peer('127.0.0.1'), await bench.peer('127.0.0.2')];
    await client.bind(0x4000, peer.endpoint);
    server.clock.advance(300_000);
    await client.bind(0x4001, marker.endpoint);
    client.sendOnChannel(0x4000, 'too late');
    client.sendOnChannel(0x4001, 'marker');
    expect(await marker.inbox.take()).toMatchObject({ data: 'marker' });
    peer.send('too late', relayed);
    marker.send('marker', relayed);
    expect(await client.received()).toBe('channel 4001: marker');
    await client.bind(0x4000, peer.endpoint);
    client.sendOnChannel(0x4000, 'again');
    expect(await peer.inbox.take()).toMatchObject({ data: 'again' });
  });

  it('[RFC 8656 12.6] from an unbound channel, or before any allocation, it is dropped', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    const newcomer = await bench.client(transport, server);
    const peer = await bench.peer();
    newcomer.sendOnChannel(0x4000, 'without an allocation');
    newcomer.sendTo(peer.endpoint, 'without an allocation');
    expect(outcomeOf(await newcomer.exchange(method.Binding))).toBe('success');
    await client.bind(0x4000, peer.endpoint);
    client.sendOnChannel(0x4001, 'unbound');
    client.sendOnChannel(0x5000, 'reserved');
    client.sendOnChannel(0x4000, 'bound');
    expect(await peer.inbox.take()).toMatchObject({ data: 'bound' });
  });

  it('[RFC 8656 11.2] a Send indication that is wrong is dropped', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    const peer = await bench.peer();
    await client.permit(peer.endpoint);
    client.sendTo({ ...peer.endpoint, port: 0 }, 'no port');
    client.sendTo({ family: 'IPv6', address: '::ffff:7f00:1', port: peer.endpoint.port }, 'mapped');
    client.sendTo({ ...peer.endpoint, port: server.address.port }, 'to the server itself');
    client.sendTo(peer.endpoint, 'do not fragment', [{ type: 0x001a, value: Buffer.alloc(0) }]);
    client.sendRaw(encodeUnprotected('indication', method.Send, [attribute('DATA', Buffer.from('no peer'))]));
    client.sendRaw(encodeUnprotected('indication', method.Send, [attribute('XOR-PEER-ADDRESS', Buffer.alloc(3))]));
    client.sendRaw(encodeUnprotected('indication', method.Data, []));
    client.sendTo(peer.endpoint, 'right');
    expect(await peer.inbox.take()).toMatchObject({ data: 'right' });
  });

  it('[RFC 8656 3] passes between two relayed clients', async () => {
    const server = await bench.server();
    const [alice, bob] = [await bench.allocated(transport, server), await bench.allocated(transport, server)];
    await alice.client.bind(0x4000, bob.relayed);
    await bob.client.bind(0x4fff, alice.relayed);
    alice.client.sendOnChannel(0x4000, 'hello');
    expect(await bob.client.received()).toBe('channel 4fff: hello');
    bob.client.sendOnChannel(0x4fff, 'hello too');
    expect(await alice.client.received()).toBe('channel 4000: hello too');
  });

  it('[RFC 8656 8] ends with the allocation', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated(transport, server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    server.clock.advance(600_000);
    client.sendOnChannel(0x4000, 'too late');
    peer.send('too late', relayed);
    const answer = await client.exchange(method.Binding);
    expect(outcomeOf(answer)).toBe('success');
    expect([client.unreadCount, peer.inbox.size]).toEqual([0, 0]);
  });
});

describe('Media', () => {
  it('[RFC 8656 12.6] a UDP ChannelData message shorter than it says is dropped, a longer one is cut', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    const message = encodeChannelData(0x4000, Buffer.from('abc'), true);
    client.sendRaw(message.subarray(0, 6));
    client.sendRaw(message.subarray(0, 2));
    client.sendRaw(message);
    expect(await peer.inbox.take()).toMatchObject({ data: 'abc' });
  });

  it('is counted', async () => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    client.sendOnChannel(0x4000, '12345');
    await peer.inbox.take();
    peer.send('123', relayed);
    await client.received();
    const text = await server.operations.metrics.metrics();
    expect(text).toContain('turn_allocations 1');
    expect(text).toContain('turn_relayed_packets_total{direction="to_peer"} 1');
    expect(text).toContain('turn_relayed_bytes_total{direction="to_peer"} 5');
    expect(text).toContain('turn_relayed_bytes_total{direction="to_client"} 3');
    expect(text).toContain('turn_refused_total{code="401"} 1');
  });

  it('[RFC 8489 6.3] nothing of a credential is logged', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const password = passwordOf(client.login);
    const refused = await client.request(method.Refresh, { login: { username: 'x', password } });
    expect(textOf(refused, 'REALM')).not.toBe('');
    expect(server.log.join('')).toContain('turn.allocation.created');
    expect(server.log.join('')).not.toContain(password);
    expect(server.log.join('')).not.toContain('a secret of');
  });
});

function passwordOf(login: Login | undefined): string {
  return login !== undefined && 'password' in login ? login.password : '';
}

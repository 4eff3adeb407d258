import { method } from '@wicgate/stun';
import { encodeUnprotected, lifetimeOf, outcomeOf } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe('TCP connections', () => {
  it('without an allocation are ended after 30 s, however busy', async () => {
    const server = await bench.server();
    const client = await bench.client('TCP', server);
    server.clock.advance(29_000);
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
    server.clock.advance(1_000);
    await client.ended;
  });

  it('with an allocation live as long as it, and 30 s more', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('TCP', server);
    server.clock.advance(60_000);
    expect(outcomeOf(await client.request(method.Refresh, { attributes: [lifetimeOf(0)] }))).toBe('success');
    server.clock.advance(29_000);
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
    server.clock.advance(1_000);
    await client.ended;
  });

  it.each([
    { fault: 'TLS', octets: Buffer.from('160301020001000100', 'hex') },
    { fault: 'HTTP', octets: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n') },
    { fault: 'a ChannelData message of 64 KiB', octets: Buffer.from('4000ffff', 'hex') },
    { fault: 'a STUN message of 64 KiB', octets: Buffer.from('0001fffc2112a442', 'hex') },
    { fault: 'another magic cookie', octets: Buffer.from('0001000021120000', 'hex') },
  ])('[RFC 8656 12.5] that send $fault are ended, others live on', async ({ octets }) => {
    const server = await bench.server();
    const { client, relayed } = await bench.allocated('TCP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    const bad = await bench.client('TCP', server);
    bad.sendRaw(octets);
    await bad.ended;
    client.sendOnChannel(0x4000, 'still here');
    expect(await peer.inbox.take()).toEqual({ data: 'still here', port: relayed.port });
  });

  it('[RFC 8489 6.3] a message that is wrong within right framing is dropped, the connection lives', async () => {
    const server = await bench.server();
    const client = await bench.client('TCP', server);
    client.sendRaw(Buffer.from(`000100042112a442${'00'.repeat(12)}00060001`, 'hex'));
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
  });

  it('beyond the bound are not served', async () => {
    const server = await bench.server({ TURN_MAX_TCP_CONNECTIONS: '1' });
    const first = await bench.client('TCP', server);
    const second = await bench.client('TCP', server);
    await second.ended;
    expect(outcomeOf(await first.exchange(method.Binding))).toBe('success');
  });

  it('that do not read lose media, which is not kept for them; others get theirs', async () => {
    const server = await bench.server();
    const slow = await bench.allocated('TCP', server);
    const { client, relayed } = await bench.allocated('TCP', server);
    const peer = await bench.peer();
    await slow.client.bind(0x4000, peer.endpoint);
    await client.bind(0x4000, peer.endpoint);
    slow.client.pause();
    const before = process.memoryUsage().rss;
    const flood = Buffer.alloc(8_000);
    await expect
      .poll(
        async () => {
          for (let count = 0; count < 100; count += 1) peer.send(flood, slow.relayed);
          return server.operations.metrics.getSingleMetricAsString('turn_dropped_total');
        },
        { interval: 1, timeout: 10_000 },
      )
      .toMatch(/slow_receiver"} [1-9]/);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1_048_576);
    peer.send('still served', relayed);
    expect(await client.received()).toBe('channel 4000: still served');
  });

  it('that ask on and on without reading the answers are ended', async () => {
    const server = await bench.server();
    const client = await bench.client('TCP', server);
    client.pause();
    const requests = Buffer.concat(
      Array.from({ length: 2_000 }, () => encodeUnprotected('request', method.Binding, [])),
    );
    const count = async (): Promise<string> => {
      client.sendRaw(requests);
      return server.operations.metrics.getSingleMetricAsString('turn_tcp_connections');
    };
    await expect.poll(count, { interval: 1, timeout: 10_000 }).toContain('turn_tcp_connections 0');
  });
});

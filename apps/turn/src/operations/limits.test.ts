import { headerLength, method } from '@wicgate/stun';
import { encodeUnprotected, outcomeOf, requestedUdp } from '@wicgate/turn-client';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { testCredential } from '../testing/test-server.ts';
import { TestFiles } from '../testing/turn-access-keys.ts';

const bench = new Bench();
const files = new TestFiles();
afterEach(() => bench.close());
afterAll(() => files.remove());

describe('TURN_USER_KBPS', () => {
  it('[TURN server 3] drops what one credential sends beyond it, counts that, and lets others pass', async () => {
    const server = await bench.server({ TURN_USER_KBPS: '160' });
    const [greedy, modest] = [await bench.allocated('UDP', server), await bench.allocated('UDP', server)];
    const peer = await bench.peer();
    await greedy.client.bind(0x4000, peer.endpoint);
    await modest.client.bind(0x4000, peer.endpoint);
    // A second's worth is 20,000 octets: 20 of these datagrams, sent while the clock stands still.
    for (let sent = 0; sent < 50; sent += 1) greedy.client.sendOnChannel(0x4000, 'g'.repeat(1_000));
    modest.client.sendOnChannel(0x4000, 'modest');
    const arrived: string[] = [];
    while (arrived.at(-1) !== 'modest') arrived.push((await peer.inbox.take()).data.slice(0, 6));
    expect(arrived.filter((data) => data === 'gggggg')).toHaveLength(20);
    expect(await server.operations.metrics.getSingleMetricAsString('turn_dropped_total')).toContain(
      'turn_dropped_total{reason="bandwidth"} 30',
    );
    server.clock.advance(1_000);
    greedy.client.sendOnChannel(0x4000, 'again');
    expect(await peer.inbox.take()).toMatchObject({ data: 'again' });
  });

  it('[TURN server 3] gives no more to who ends the allocation and makes another', async () => {
    const server = await bench.server({ TURN_USER_KBPS: '160' });
    const login = testCredential(server.clock);
    const peer = await bench.peer();
    for (const expected of [20, 0]) {
      const client = await bench.client('UDP', server);
      await client.allocate(login);
      await client.bind(0x4000, peer.endpoint);
      for (let sent = 0; sent < 30; sent += 1) client.sendOnChannel(0x4000, 'g'.repeat(1_000));
      expect(outcomeOf(await client.refresh(0))).toBe('success');
      for (let arrived = 0; arrived < expected; arrived += 1) await peer.inbox.take();
      expect(peer.inbox.size).toBe(0);
    }
    expect(await server.operations.metrics.getSingleMetricAsString('turn_dropped_total')).toContain(
      'turn_dropped_total{reason="bandwidth"} 40',
    );
  });

  it('[TURN server 3] counts all allocations of the credential, and both directions', async () => {
    const server = await bench.server({ TURN_USER_KBPS: '160' });
    const login = testCredential(server.clock);
    const [one, other] = [await bench.client('UDP', server), await bench.client('UDP', server)];
    const relayed = await one.allocate(login);
    await other.allocate(login);
    const peer = await bench.peer();
    await one.bind(0x4000, peer.endpoint);
    await other.bind(0x4000, peer.endpoint);
    for (let sent = 0; sent < 10; sent += 1) {
      one.sendOnChannel(0x4000, 'o'.repeat(1_000));
      other.sendOnChannel(0x4000, 'o'.repeat(1_000));
    }
    for (let taken = 0; taken < 20; taken += 1) await peer.inbox.take();
    peer.send('i'.repeat(1_000), relayed);
    one.sendOnChannel(0x4000, 'o'.repeat(1_000));
    await expect
      .poll(() => server.operations.metrics.getSingleMetricAsString('turn_dropped_total'), { interval: 1 })
      .toContain('turn_dropped_total{reason="bandwidth"} 2');
  });
});

describe('TURN_TOTAL_KBPS', () => {
  it('[TURN server 3] is shared by all', async () => {
    const server = await bench.server({ TURN_TOTAL_KBPS: '160' });
    const [one, other] = [await bench.allocated('UDP', server), await bench.allocated('UDP', server)];
    const peer = await bench.peer();
    await one.client.bind(0x4000, peer.endpoint);
    await other.client.bind(0x4000, peer.endpoint);
    for (let sent = 0; sent < 20; sent += 1) one.client.sendOnChannel(0x4000, 'o'.repeat(1_000));
    for (let taken = 0; taken < 20; taken += 1) await peer.inbox.take();
    other.client.sendOnChannel(0x4000, 'o'.repeat(1_000));
    await expect
      .poll(() => server.operations.metrics.getSingleMetricAsString('turn_dropped_total'), { interval: 1 })
      .toContain('turn_dropped_total{reason="bandwidth"} 1');
  });
});

describe('TURN_ADDRESS_QUOTA', () => {
  it('[RFC 8656 7.2] limits the allocations of one source address, whatever their credentials: 486', async () => {
    const server = await bench.server({ TURN_ADDRESS_QUOTA: '2' });
    const first = await bench.allocated('UDP', server);
    await bench.allocated('TCP', server);
    const third = await bench.client('UDP', server);
    await third.challenge(testCredential(server.clock));
    const allocate = () => third.request(method.Allocate, { attributes: [requestedUdp] });
    expect(outcomeOf(await allocate())).toBe('error 486');
    await first.client.refresh(0);
    expect(outcomeOf(await allocate())).toBe('success');
  });
});

describe('Unauthenticated requests', () => {
  it('[RFC 8656 21.1.1] the 401 is at most nine times the smallest request, and leaves nothing behind', async () => {
    // 148 octets to 20, or to the 28 that a browser sends; 164 with THIRD-PARTY-AUTHORIZATION. With the headers of IP and
    // UDP that is less than four times what came.
    const server = await bench.server({ TURN_OAUTH_KEYS_FILE: files.keys() });
    const client = await bench.client('UDP', server);
    const smallest = encodeUnprotected('request', method.Allocate, []);
    client.sendRaw(smallest);
    const answer = await client.response();
    expect([outcomeOf(answer), smallest.length]).toEqual(['error 401', headerLength]);
    expect(answer.octets.length / smallest.length).toBeLessThanOrEqual(9);
    expect((answer.octets.length + 28) / (smallest.length + 28)).toBeLessThanOrEqual(4);
    const ordinary = encodeUnprotected('request', method.Allocate, [requestedUdp]);
    expect(answer.octets.length / ordinary.length).toBeLessThanOrEqual(6);
    expect(server.clock.pendingCount).toBe(0);
  });

  it('[RFC 8656 21.1.1] over UDP get so many 401s a second as are configured, over TCP all', async () => {
    const server = await bench.server({ TURN_CHALLENGES_PER_SECOND: '5' });
    const [udp, tcp] = [await bench.client('UDP', server), await bench.client('TCP', server)];
    for (let sent = 0; sent < 20; sent += 1) {
      udp.sendRaw(encodeUnprotected('request', method.Allocate, [requestedUdp]));
      expect(outcomeOf(await tcp.exchange(method.Allocate, [requestedUdp]))).toBe('error 401');
    }
    expect(outcomeOf(await tcp.exchange(method.Binding))).toBe('success');
    for (let taken = 0; taken < 5; taken += 1) expect(outcomeOf(await udp.response())).toBe('error 401');
    await expect
      .poll(() => server.operations.metrics.getSingleMetricAsString('turn_dropped_total'), { interval: 1 })
      .toContain('turn_dropped_total{reason="challenge_limit"} 15');
    server.clock.advance(1_000);
    expect(outcomeOf(await udp.exchange(method.Allocate, [requestedUdp]))).toBe('error 401');
  });
});

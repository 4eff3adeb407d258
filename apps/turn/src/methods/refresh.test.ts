import { attribute, method } from '@wicgate/stun';
import { lifetimeOf, outcomeOf, requestedUdp, requiredValue } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe.each(['UDP', 'TCP'] as const)('Refresh over %s', (transport) => {
  it('[RFC 8656 8.2] lengthens the life of the allocation', async () => {
    const server = await bench.server({ TURN_DEFAULT_LIFETIME_SECONDS: '20', TURN_MAX_LIFETIME_SECONDS: '20' });
    const { client } = await bench.allocated(transport, server);
    for (let round = 0; round < 5; round += 1) {
      server.clock.advance(15_000);
      const answer = await client.request(method.Refresh);
      expect(requiredValue(answer, 'LIFETIME').readUInt32BE(0)).toBe(20);
    }
    server.clock.advance(20_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
  });

  it('[RFC 8656 8.2] a lifetime of 0 ends the allocation, and a new one may follow', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    const ended = await client.request(method.Refresh, { attributes: [lifetimeOf(0)] });
    expect(requiredValue(ended, 'LIFETIME').readUInt32BE(0)).toBe(0);
    expect(outcomeOf(await client.request(method.Refresh, { attributes: [lifetimeOf(0)] }))).toBe('error 437');
    expect(outcomeOf(await client.request(method.Allocate, { attributes: [requestedUdp] }))).toBe('success');
  });

  it('[RFC 8656 5] the credential of another user gets 441', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    const other = testCredential(server.clock);
    expect(outcomeOf(await client.request(method.Refresh, { login: other }))).toBe('error 441');
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
  });
});

describe('Refresh', () => {
  it('[X.5.2.2-7] does not reach beyond the credential, and ends with it', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.allocate(testCredential(server.clock, 100));
    server.clock.advance(60_000);
    const answer = await client.request(method.Refresh, { attributes: [lifetimeOf(3_600)] });
    expect(requiredValue(answer, 'LIFETIME').readUInt32BE(0)).toBe(40);
    server.clock.advance(40_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 401');
    expect(await server.operations.metrics.getSingleMetricAsString('turn_allocations')).toContain('turn_allocations 0');
  });

  it('[RFC 8656 8.2] with another address family gets 443', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const ipv6 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));
    expect(outcomeOf(await client.request(method.Refresh, { attributes: [ipv6] }))).toBe('error 443');
  });

  it('[RFC 8656 8.2] without an allocation gets 437', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
  });
});

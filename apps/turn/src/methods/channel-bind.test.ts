import { attribute, method } from '@wicgate/stun';
import { outcomeOf } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

describe.each(['UDP', 'TCP'] as const)('ChannelBind over %s', (transport) => {
  it('[RFC 8656 12.2] binds, refreshes, and keeps number and peer together', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    const [peer, other] = [await bench.peer(), await bench.peer()];
    expect(outcomeOf(await client.bind(0x4001, peer.endpoint))).toBe('success');
    expect(outcomeOf(await client.bind(0x4001, peer.endpoint))).toBe('success');
    expect(outcomeOf(await client.bind(0x4001, other.endpoint))).toBe('error 400');
    expect(outcomeOf(await client.bind(0x4002, peer.endpoint))).toBe('error 400');
    expect(outcomeOf(await client.bind(0x4002, other.endpoint))).toBe('success');
  });

  it('[RFC 8656 12.2] the number and the peer are free again after 600 s', async () => {
    const server = await bench.server({ TURN_DEFAULT_LIFETIME_SECONDS: '3600' });
    const { client } = await bench.allocated(transport, server);
    const [peer, other] = [await bench.peer(), await bench.peer()];
    expect(outcomeOf(await client.bind(0x4001, peer.endpoint))).toBe('success');
    server.clock.advance(599_000);
    expect(outcomeOf(await client.bind(0x4001, other.endpoint))).toBe('error 400');
    server.clock.advance(1_000);
    const stale = await client.bind(0x4001, other.endpoint);
    client.nonce = stale.attributes.find(({ type }) => type === 0x15)?.value.toString() ?? client.nonce;
    expect(outcomeOf(await client.bind(0x4001, other.endpoint))).toBe('success');
    expect(outcomeOf(await client.bind(0x4002, peer.endpoint))).toBe('success');
  });
});

describe('ChannelBind', () => {
  it.each([
    { number: 0x0000, outcome: 'error 400' },
    { number: 0x3fff, outcome: 'error 400' },
    { number: 0x4000, outcome: 'success' },
    { number: 0x4fff, outcome: 'success' },
    { number: 0x5000, outcome: 'error 400' },
    { number: 0x7fff, outcome: 'error 400' },
    { number: 0xffff, outcome: 'error 400' },
  ])('[RFC 8656 12] number $number: $outcome', async ({ number, outcome }) => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    expect(outcomeOf(await client.bind(number, peer.endpoint))).toBe(outcome);
  });

  it('[RFC 8656 12.2] without number, peer or port gets 400', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated('UDP', server);
    const number = attribute('CHANNEL-NUMBER', Buffer.from([0x40, 0, 0, 0]));
    expect(outcomeOf(await client.request(method.ChannelBind, { attributes: [number] }))).toBe('error 400');
    const short = attribute('CHANNEL-NUMBER', Buffer.from([0x40, 0]));
    expect(outcomeOf(await client.request(method.ChannelBind, { attributes: [short] }))).toBe('error 400');
    expect(outcomeOf(await client.request(method.ChannelBind))).toBe('error 400');
    const portless = { family: 'IPv4', address: '127.0.0.1', port: 0 } as const;
    expect(outcomeOf(await client.bind(0x4000, portless))).toBe('error 400');
  });

  it('[RFC 8656 12.2] without an allocation gets 437, of another user 441', async () => {
    const server = await bench.server();
    const peer = await bench.peer();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    expect(outcomeOf(await client.bind(0x4000, peer.endpoint))).toBe('error 437');
    const { client: other } = await bench.allocated('UDP', server);
    other.login = testCredential(server.clock);
    expect(outcomeOf(await other.bind(0x4000, peer.endpoint))).toBe('error 441');
  });
});

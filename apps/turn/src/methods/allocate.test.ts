import { randomBytes } from 'node:crypto';
import { attribute, method } from '@wicgate/stun';
import { addressOf, lifetimeOf, openPeer, outcomeOf, requestedUdp, requiredValue } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const plain = { attributes: [requestedUdp] };

describe.each(['UDP', 'TCP'] as const)('Allocate over %s', (transport) => {
  it('[RFC 8656 7.2] grants a relayed address, a lifetime and the mapped address', async () => {
    const server = await bench.server();
    const client = await bench.client(transport, server);
    await client.challenge(testCredential(server.clock));
    const answer = await client.request(method.Allocate, plain);
    expect(outcomeOf(answer)).toBe('success');
    expect(addressOf(answer, 'XOR-RELAYED-ADDRESS')).toMatchObject({ family: 'IPv4', address: '127.0.0.1' });
    expect(addressOf(answer, 'XOR-RELAYED-ADDRESS').port).toBeGreaterThanOrEqual(49_152);
    expect(requiredValue(answer, 'LIFETIME').readUInt32BE(0)).toBe(600);
    expect(addressOf(answer, 'XOR-MAPPED-ADDRESS').address).toBe('127.0.0.1');
  });

  it('[RFC 8656 7.2] a retransmission is answered the same, octet for octet', async () => {
    const server = await bench.server();
    const client = await bench.client(transport, server);
    await client.challenge(testCredential(server.clock));
    const octets = client.encodeRequest(method.Allocate, plain);
    client.sendRaw(octets);
    const first = await client.response();
    client.sendRaw(octets);
    const second = await client.response();
    expect(outcomeOf(first)).toBe('success');
    expect(second.octets).toEqual(first.octets);
  });

  it('[RFC 8656 7.2] a second one on the same 5-tuple gets 437', async () => {
    const server = await bench.server();
    const { client } = await bench.allocated(transport, server);
    expect(outcomeOf(await client.request(method.Allocate, plain))).toBe('error 437');
  });
});

describe('Allocate', () => {
  it('[RFC 8656 7.2] two at once on one 5-tuple make one allocation', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    for (let count = 0; count < 2; count += 1) client.sendRaw(client.encodeRequest(method.Allocate, plain));
    const outcomes = [outcomeOf(await client.response()), outcomeOf(await client.response())];
    expect(outcomes.toSorted((a, b) => a.localeCompare(b))).toEqual(['error 437', 'success']);
  });

  it.each([
    { fault: 'no REQUESTED-TRANSPORT', attributes: [], outcome: 'error 400' },
    {
      fault: 'an empty REQUESTED-TRANSPORT',
      attributes: [attribute('REQUESTED-TRANSPORT', Buffer.alloc(0))],
      outcome: 'error 400',
    },
    {
      fault: 'transport TCP',
      attributes: [attribute('REQUESTED-TRANSPORT', Buffer.from([6, 0, 0, 0]))],
      outcome: 'error 442',
    },
    {
      fault: 'a LIFETIME of 2 octets',
      attributes: [requestedUdp, attribute('LIFETIME', Buffer.alloc(2))],
      outcome: 'error 400',
    },
    {
      fault: 'family IPv6',
      attributes: [requestedUdp, attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]))],
      outcome: 'error 440',
    },
    {
      fault: 'family IPv4',
      attributes: [requestedUdp, attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([1, 0, 0, 0]))],
      outcome: 'success',
    },
    {
      fault: 'a family of 1 octet',
      attributes: [requestedUdp, attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([1]))],
      outcome: 'error 400',
    },
    { fault: 'an EVEN-PORT', attributes: [requestedUdp, attribute('EVEN-PORT', Buffer.from([0]))], outcome: 'success' },
    {
      fault: 'an empty EVEN-PORT',
      attributes: [requestedUdp, attribute('EVEN-PORT', Buffer.alloc(0))],
      outcome: 'error 400',
    },
    {
      fault: 'an EVEN-PORT that reserves',
      attributes: [requestedUdp, attribute('EVEN-PORT', Buffer.from([0x80]))],
      outcome: 'success',
    },
    {
      fault: 'a token that nobody got',
      attributes: [requestedUdp, attribute('RESERVATION-TOKEN', Buffer.alloc(8))],
      outcome: 'error 508',
    },
    {
      fault: 'a token of 4 octets',
      attributes: [requestedUdp, attribute('RESERVATION-TOKEN', Buffer.alloc(4))],
      outcome: 'error 400',
    },
    {
      fault: 'a token and a family',
      attributes: [
        requestedUdp,
        attribute('RESERVATION-TOKEN', Buffer.alloc(8)),
        attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([1, 0, 0, 0])),
      ],
      outcome: 'error 400',
    },
    {
      fault: 'a token and an additional family',
      attributes: [
        requestedUdp,
        attribute('RESERVATION-TOKEN', Buffer.alloc(8)),
        attribute('ADDITIONAL-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0])),
      ],
      outcome: 'error 400',
    },
    {
      fault: 'a family that is none',
      attributes: [requestedUdp, attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([3, 0, 0, 0]))],
      outcome: 'error 440',
    },
    {
      fault: 'both family attributes',
      attributes: [
        requestedUdp,
        attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([1, 0, 0, 0])),
        attribute('ADDITIONAL-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0])),
      ],
      outcome: 'error 400',
    },
    {
      fault: 'IPv4 as the additional family',
      attributes: [requestedUdp, attribute('ADDITIONAL-ADDRESS-FAMILY', Buffer.from([1, 0, 0, 0]))],
      outcome: 'error 400',
    },
    {
      fault: 'an additional family and a reservation',
      attributes: [
        requestedUdp,
        attribute('ADDITIONAL-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0])),
        attribute('EVEN-PORT', Buffer.from([0x80])),
      ],
      outcome: 'error 400',
    },
    {
      fault: 'DONT-FRAGMENT, as Node cannot set DF',
      attributes: [requestedUdp, attribute('DONT-FRAGMENT', Buffer.alloc(0))],
      outcome: 'error 420',
    },
    {
      fault: 'a token and an EVEN-PORT',
      attributes: [
        requestedUdp,
        attribute('RESERVATION-TOKEN', Buffer.alloc(8)),
        attribute('EVEN-PORT', Buffer.from([0])),
      ],
      outcome: 'error 400',
    },
    {
      fault: 'an optional attribute',
      attributes: [requestedUdp, { type: 0x8fff, value: Buffer.alloc(3) }],
      outcome: 'success',
    },
  ])('[RFC 8656 7.2] with $fault: $outcome', async ({ attributes, outcome }) => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    expect(outcomeOf(await client.request(method.Allocate, { attributes }))).toBe(outcome);
  });

  it('[RFC 8489 6.3.1] unknown required attributes get 420 with their list', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    const unknown = [0x001a, 0x7abc, 0x7abc].map((type) => ({ type, value: Buffer.alloc(0) }));
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp, ...unknown] });
    expect(outcomeOf(answer)).toBe('error 420');
    expect(requiredValue(answer, 'UNKNOWN-ATTRIBUTES').toString('hex')).toBe('001a7abc');
  });

  it('[RFC 8656 18.7] EVEN-PORT gives an even port', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    const relayed = await client.allocate(testCredential(server.clock), [attribute('EVEN-PORT', Buffer.from([0]))]);
    expect(relayed.port % 2).toBe(0);
  });

  it.each([
    { asks: 1_800, granted: 1_800 },
    { asks: 86_400, granted: 3_600 },
    { asks: 60, granted: 600 },
  ])('[RFC 8656 7.2] asked for $asks s it grants $granted s', async ({ asks, granted }) => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock, 7_200));
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp, lifetimeOf(asks)] });
    expect(requiredValue(answer, 'LIFETIME').readUInt32BE(0)).toBe(granted);
  });

  it('[X.5.2.2-7] no allocation outlives its credential', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock, 90));
    const answer = await client.request(method.Allocate, { attributes: [requestedUdp, lifetimeOf(3_600)] });
    expect(requiredValue(answer, 'LIFETIME').readUInt32BE(0)).toBe(90);
  });

  it('[RFC 8656 7.2] one Tid beyond its quota gets 486, another Tid does not', async () => {
    const server = await bench.server({ TURN_USER_QUOTA: '2' });
    const login = testCredential(server.clock);
    const first = await bench.client('UDP', server);
    await first.allocate(login);
    await (await bench.client('TCP', server)).allocate(login);
    const third = await bench.client('UDP', server);
    await third.challenge(login);
    expect(outcomeOf(await third.request(method.Allocate, plain))).toBe('error 486');
    await bench.allocated('UDP', server);

    expect(outcomeOf(await first.request(method.Refresh, { attributes: [lifetimeOf(0)] }))).toBe('success');
    expect(outcomeOf(await third.request(method.Allocate, plain))).toBe('success');
  });

  it('[RFC 8656 7.2] beyond the total quota everybody gets 508', async () => {
    const server = await bench.server({ TURN_TOTAL_QUOTA: '1' });
    await bench.allocated('UDP', server);
    const other = await bench.client('UDP', server);
    await other.challenge(testCredential(server.clock));
    expect(outcomeOf(await other.request(method.Allocate, plain))).toBe('error 508');
  });

  it('[RFC 8656 7.2] without a free relay port it gets 508, and the quota is given back', async () => {
    const taken = await openPeer();
    const port = String(taken.endpoint.port);
    const server = await bench.server({ TURN_RELAY_PORT_MIN: port, TURN_RELAY_PORT_MAX: port, TURN_TOTAL_QUOTA: '1' });
    const client = await bench.client('UDP', server);
    await client.challenge(testCredential(server.clock));
    expect(outcomeOf(await client.request(method.Allocate, plain))).toBe('error 508');

    taken.close();
    const answer = await client.request(method.Allocate, plain);
    expect(addressOf(answer, 'XOR-RELAYED-ADDRESS').port).toBe(taken.endpoint.port);
  });

  it('[RFC 8656 5] a connection that ends takes its allocation and its place with it', async () => {
    const server = await bench.server({ TURN_TOTAL_QUOTA: '1' });
    const { client } = await bench.allocated('TCP', server);
    client.close();
    await client.ended;
    const other = await bench.client('UDP', server);
    await other.challenge(testCredential(server.clock));
    await expect.poll(async () => outcomeOf(await other.request(method.Allocate, plain))).toBe('success');
  });

  it('[RFC 8489 7.3] a Binding request needs no credentials and gets the mapped address', async () => {
    const server = await bench.server();
    const client = await bench.client('UDP', server);
    const answer = await client.exchange(method.Binding);
    expect(addressOf(answer, 'XOR-MAPPED-ADDRESS').address).toBe('127.0.0.1');
    const refused = await client.exchange(method.Binding, [{ type: 0x7fff, value: randomBytes(3) }]);
    expect(outcomeOf(refused)).toBe('error 420');
  });
});

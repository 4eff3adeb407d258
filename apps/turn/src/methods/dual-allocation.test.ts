import {
  attribute,
  type DecodedMessage,
  decodeErrorCode,
  decodeXorAddress,
  type Endpoint,
  findAttributes,
  method,
  type StunAttribute,
} from '@wicgate/stun';
import {
  addressOf,
  lifetimeOf,
  openPeer,
  outcomeOf,
  requestedUdp,
  requiredValue,
  type TurnClient,
  textOf,
} from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { type TestServer, testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

const requestIPv4 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([1, 0, 0, 0]));
const requestIPv6 = attribute('REQUESTED-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));
const alsoIPv6 = attribute('ADDITIONAL-ADDRESS-FAMILY', Buffer.from([2, 0, 0, 0]));
const withIPv6 = { TURN_RELAY_HOST_IPV6: '::1' };

describe('A dual allocation', () => {
  it('[RFC 8656 7.2] has a relayed address of each family, and relays for peers of both', async () => {
    const { client, ipv4, ipv6 } = await dual();
    const [peer4, peer6] = [await bench.peer(), await bench.peer('::1')];
    expect(outcomeOf(await client.permit(peer4.endpoint, peer6.endpoint))).toBe('success');
    client.sendTo(peer4.endpoint, 'four');
    client.sendTo(peer6.endpoint, 'six');
    expect(await peer4.inbox.take()).toEqual({ data: 'four', port: ipv4.port });
    expect(await peer6.inbox.take()).toEqual({ data: 'six', port: ipv6.port });
    peer4.send('from four', ipv4);
    expect(await client.received()).toContain('from four');
    peer6.send('from six', ipv6);
    expect(await client.received()).toContain('from six');
  });

  it('[RFC 8656 7.2] takes one place of the quotas', async () => {
    const { server, client } = await dual({ TURN_TOTAL_QUOTA: '1' });
    const other = await challenged(server);
    expect(outcomeOf(await allocate(other))).toBe('error 508');
    await client.refresh(0);
    expect(outcomeOf(await allocate(other))).toBe('success');
  });

  it('[RFC 8656 18.12] without an IPv6 relay gives IPv4, and says 440 of IPv6', async () => {
    const server = await bench.server();
    const answer = await allocate(await challenged(server), alsoIPv6);
    expect(relayedOf(answer).map(({ family }) => family)).toEqual(['IPv4']);
    const error = requiredValue(answer, 'ADDRESS-ERROR-CODE');
    expect([error.readUInt8(0), decodeErrorCode(error).statusCode]).toEqual([2, 440]);
  });

  it('[RFC 8656 18.12] without a free IPv4 port gives IPv6, and says 508 of IPv4', async () => {
    const taken = await openPeer();
    const port = String(taken.endpoint.port);
    const server = await bench.server({ ...withIPv6, TURN_RELAY_PORT_MIN: port, TURN_RELAY_PORT_MAX: port });
    const client = await challenged(server);
    const answer = await allocate(client, alsoIPv6);
    taken.close();
    expect(relayedOf(answer).map(({ family }) => family)).toEqual(['IPv6']);
    const error = requiredValue(answer, 'ADDRESS-ERROR-CODE');
    expect([error.readUInt8(0), decodeErrorCode(error).statusCode]).toEqual([1, 508]);
    const other = await challenged(server);
    expect(outcomeOf(await allocate(other, requestIPv6))).toBe('error 508');
  });

  it('[RFC 8656 8.2] a lifetime of 0 for one family ends that one only', async () => {
    const { client, server, ipv4, ipv6 } = await dual();
    const [peer4, peer6] = [await bench.peer(), await bench.peer('::1')];
    await client.permit(peer4.endpoint, peer6.endpoint);
    const ended = await refresh(client, lifetimeOf(0), requestIPv6);
    expect([outcomeOf(ended), requiredValue(ended, 'LIFETIME').readUInt32BE(0)]).toEqual(['success', 0]);
    expect(outcomeOf(await client.permit(peer6.endpoint))).toBe('error 443');
    expect(outcomeOf(await refresh(client, requestIPv6))).toBe('error 443');
    client.sendTo(peer4.endpoint, 'lives on');
    expect(await peer4.inbox.take()).toEqual({ data: 'lives on', port: ipv4.port });
    // The port is free again, for whoever gets it next.
    const taker = await bench.peer('::1');
    expect(taker.endpoint.port).not.toBe(ipv6.port);
    expect(outcomeOf(await refresh(client, lifetimeOf(0), requestIPv4))).toBe('success');
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
    expect(server.clock.pendingCount).toBeLessThanOrEqual(1);
  });

  it('[RFC 8656 8.2] without a family both are refreshed, and end together', async () => {
    const { client, server } = await dual({ TURN_MAX_LIFETIME_SECONDS: '600' });
    await pass(server, client, 500_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
    await pass(server, client, 599_000);
    const peer6 = await bench.peer('::1');
    expect(outcomeOf(await client.permit(peer6.endpoint))).toBe('success');
    await pass(server, client, 1_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
  });

  it('[RFC 8656 8.2] with a family that one is refreshed, and the other ends in its time', async () => {
    const { client, server } = await dual();
    const [peer4, peer6] = [await bench.peer(), await bench.peer('::1')];
    await pass(server, client, 500_000);
    expect(outcomeOf(await refresh(client, requestIPv6))).toBe('success');
    await pass(server, client, 99_000);
    expect(outcomeOf(await client.permit(peer4.endpoint))).toBe('success');
    await pass(server, client, 1_000);
    expect(outcomeOf(await client.permit(peer4.endpoint))).toBe('error 443');
    expect(outcomeOf(await client.permit(peer6.endpoint))).toBe('success');
    await pass(server, client, 500_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
  });

  it('[RFC 8656 8.2] one may be given a shorter life than the other, and both be joined again', async () => {
    const { client, server } = await dual();
    const peer6 = await bench.peer('::1');
    await client.refresh(1_800);
    expect(outcomeOf(await refresh(client, lifetimeOf(600), requestIPv6))).toBe('success');
    await pass(server, client, 500_000);
    await client.refresh(600);
    await pass(server, client, 200_000);
    expect(outcomeOf(await client.permit(peer6.endpoint))).toBe('success');
    await refresh(client, lifetimeOf(1_800), requestIPv6);
    await refresh(client, lifetimeOf(0), requestIPv6);
    await pass(server, client, 399_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
  });

  it('[RFC 8656 8.2] of which the later family is ended lives no longer than the earlier', async () => {
    const { client, server } = await dual();
    await refresh(client, lifetimeOf(1_800), requestIPv6);
    await refresh(client, lifetimeOf(0), requestIPv6);
    await pass(server, client, 599_000);
    expect(outcomeOf(await client.permit((await bench.peer()).endpoint))).toBe('success');
    await pass(server, client, 1_000);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('error 437');
  });
});

interface Dual {
  readonly server: TestServer;
  readonly client: TurnClient;
  readonly ipv4: Endpoint;
  readonly ipv6: Endpoint;
}

async function dual(settings: Readonly<Record<string, string>> = {}): Promise<Dual> {
  const server = await bench.server({ ...withIPv6, ...settings });
  const client = await challenged(server);
  const answer = await allocate(client, alsoIPv6);
  const [ipv4, ipv6] = relayedOf(answer);
  if (ipv4?.family !== 'IPv4' || ipv6?.family !== 'IPv6') throw new Error('expected an address of each family');
  expect(addressOf(answer, 'XOR-MAPPED-ADDRESS').family).toBe('IPv4');
  return { server, client, ipv4, ipv6 };
}

async function challenged(server: TestServer): Promise<TurnClient> {
  const client = await bench.client('UDP', server);
  await client.challenge(testCredential(server.clock));
  return client;
}

function allocate(client: TurnClient, ...attributes: readonly StunAttribute[]): Promise<DecodedMessage> {
  return client.request(method.Allocate, { attributes: [requestedUdp, ...attributes] });
}

function refresh(client: TurnClient, ...attributes: readonly StunAttribute[]): Promise<DecodedMessage> {
  return client.request(method.Refresh, { attributes });
}

function relayedOf(answer: Awaited<ReturnType<typeof refresh>>): readonly Endpoint[] {
  return findAttributes(answer, 'XOR-RELAYED-ADDRESS').map((value) =>
    decodeXorAddress('XOR-RELAYED-ADDRESS', value, answer.transactionId),
  );
}

/** Lets time pass, and gets a nonce that is fresh. */
async function pass(server: TestServer, client: TurnClient, ms: number): Promise<void> {
  server.clock.advance(ms);
  client.nonce = textOf(await client.exchange(method.Allocate, [requestedUdp]), 'NONCE');
}

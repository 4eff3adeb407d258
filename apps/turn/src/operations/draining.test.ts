import { decodeAddress, findAttribute, isIntegrityValid, longTermKey, method } from '@wicgate/stun';
import { outcomeOf, requestedUdp, type TurnClient } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { type Operator, operatorToken } from '../testing/operator.ts';
import { type TestServer, testCredential, testRealm } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

interface Draining {
  readonly server: TestServer;
  readonly operator: Operator;
}

async function draining(settings: Readonly<Record<string, string>> = {}): Promise<Draining> {
  const server = await bench.server({ TURN_OPERATOR_TOKEN: operatorToken, ...settings });
  return { server, operator: await bench.operator(server) };
}

/** A new client that is challenged already. */
async function newcomer(server: TestServer): Promise<TurnClient> {
  const client = await bench.client('UDP', server);
  await client.challenge(testCredential(server.clock));
  return client;
}

function allocate(client: TurnClient): ReturnType<TurnClient['request']> {
  return client.request(method.Allocate, { attributes: [requestedUdp] });
}

const alternates = { TURN_ALTERNATE_SERVERS: '192.0.2.1:3478, 192.0.2.2:3479, [2001:db8::1]:3478' };

describe('A server that is drained', () => {
  it('[RFC 8489 10] sends who asks anew to the alternate servers of its own family, in turn', async () => {
    const { server, operator } = await draining(alternates);
    expect((await operator.ask('POST', '/turn/drain')).status).toBe(204);
    const client = await newcomer(server);
    const answers = [await allocate(client), await allocate(client), await allocate(client)];
    expect(answers.map(outcomeOf)).toEqual(['error 300', 'error 300', 'error 300']);
    const named = answers.map((answer) => {
      const value = findAttribute(answer, 'ALTERNATE-SERVER');
      return value && decodeAddress('ALTERNATE-SERVER', value).address;
    });
    expect(named).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.1']);
  });

  it('[RFC 8489 10] its 300 is protected: nobody on the way can send clients elsewhere', async () => {
    const { server, operator } = await draining(alternates);
    await operator.ask('POST', '/turn/drain');
    const client = await newcomer(server);
    const { username, password } = client.login as { readonly username: string; readonly password: string };
    const answer = await allocate(client);
    expect(isIntegrityValid(answer, longTermKey(username, testRealm, password))).toBe(true);
    expect(isIntegrityValid(answer, longTermKey(username, testRealm, 'another'))).toBe(false);
  });

  it('[RFC 8489 10] tells nobody without a credential where else to go', async () => {
    const { server, operator } = await draining(alternates);
    await operator.ask('POST', '/turn/drain');
    const client = await bench.client('UDP', server);
    const answer = await client.exchange(method.Allocate, [requestedUdp]);
    expect([outcomeOf(answer), findAttribute(answer, 'ALTERNATE-SERVER')]).toEqual(['error 401', undefined]);
  });

  it('[RFC 8656 7.2] without an alternate server says 508', async () => {
    const { server, operator } = await draining();
    await operator.ask('POST', '/turn/drain');
    expect(outcomeOf(await allocate(await newcomer(server)))).toBe('error 508');
  });

  it('[RFC 8489 10] lets the allocations that are there live on: refreshes, permissions, media', async () => {
    const { server, operator } = await draining(alternates);
    const { client, relayed } = await bench.allocated('UDP', server);
    await operator.ask('POST', '/turn/drain');
    const peer = await bench.peer();
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
    expect(outcomeOf(await client.bind(0x4000, peer.endpoint))).toBe('success');
    client.sendOnChannel(0x4000, 'still there');
    expect(await peer.inbox.take()).toEqual({ data: 'still there', port: relayed.port });
  });

  it('is not ready, and says so in its metrics; all is as before when the drain is called off', async () => {
    const { server, operator } = await draining(alternates);
    const gauge = () => server.operations.metrics.getSingleMetricAsString('turn_draining');
    expect([(await operator.ask('GET', '/readyz')).status, await gauge()]).toEqual([
      200,
      expect.stringContaining('turn_draining 0'),
    ]);
    await operator.ask('POST', '/turn/drain');
    await operator.ask('POST', '/turn/drain');
    expect([(await operator.ask('GET', '/readyz')).status, await gauge()]).toEqual([
      503,
      expect.stringContaining('turn_draining 1'),
    ]);
    expect((await operator.ask('DELETE', '/turn/drain')).status).toBe(204);
    expect((await operator.ask('GET', '/readyz')).status).toBe(200);
    expect(outcomeOf(await allocate(await newcomer(server)))).toBe('success');
  });
});

describe('TURN_DRAIN_SECONDS', () => {
  it('where it is not set, the server stops at once, whoever is there', async () => {
    const server = await bench.server();
    await bench.allocated('UDP', server);
    // The clock stands still: nothing is waited for.
    await server.stop();
    expect(server.clock.pendingCount).toBe(0);
  });

  it('lets the server stop when the last allocation has ended, before that it serves on', async () => {
    const server = await bench.server({ TURN_DRAIN_SECONDS: '300' });
    const { client } = await bench.allocated('UDP', server);
    let isStopped = false;
    const stopped = server.stop().then(() => {
      isStopped = true;
    });
    expect(outcomeOf(await allocate(await newcomer(server)))).toBe('error 508');
    expect([outcomeOf(await client.refresh(600)), isStopped]).toEqual(['success', false]);
    await client.refresh(0);
    await stopped;
    expect(server.clock.pendingCount).toBe(0);
  });

  it('is the longest that it waits', async () => {
    const server = await bench.server({ TURN_DRAIN_SECONDS: '300', TURN_MAX_LIFETIME_SECONDS: '3600' });
    await bench.allocated('UDP', server);
    const stopped = server.stop();
    server.clock.advance(300_000);
    await stopped;
    expect(server.clock.pendingCount).toBe(0);
  });
});

import { method } from '@wicgate/stun';
import { lifetimeOf, outcomeOf, requestedUdp } from '@wicgate/turn-client';
import { afterEach, describe, expect, it } from 'vitest';
import { Bench } from '../testing/bench.ts';
import { type Operator, operatorToken } from '../testing/operator.ts';
import { type TestServer, testCredential } from '../testing/test-server.ts';

const bench = new Bench();
afterEach(() => bench.close());

interface Operated {
  readonly server: TestServer;
  readonly operator: Operator;
}

async function operated(settings: Readonly<Record<string, string>> = {}): Promise<Operated> {
  const server = await bench.server({ TURN_OPERATOR_TOKEN: operatorToken, ...settings });
  const operator = await bench.operator(server);
  return { server, operator };
}

function tidOf({ username }: { readonly username: string }): string {
  return username.split(':')[0] ?? '';
}

const later = 9_999_999_999;

describe('Revocation', () => {
  it.each(['UDP', 'TCP'] as const)(
    '[X.5.2.2-7] [TURN server 3] ends allocations over %s before the operator is answered, no time passes, and no others',
    async (transport) => {
      const { server, operator } = await operated();
      const login = testCredential(server.clock);
      const [one, other] = [await bench.client(transport, server), await bench.client(transport, server)];
      await one.allocate(login);
      await other.allocate(login);
      const neighbour = await bench.allocated(transport, server);
      const { status } = await operator.ask('POST', '/turn/revocations', {
        body: { tids: [tidOf(login)], until: later },
      });
      for (const client of [one, other]) expect(outcomeOf(await client.request(method.Refresh))).toBe('error 401');
      expect(status).toBe(204);
      expect(await operator.ask('GET', '/turn/allocations')).toMatchObject({ body: { count: 1 } });
      expect(outcomeOf(await neighbour.client.request(method.Refresh))).toBe('success');
    },
  );

  it('[X.5.2.2-7] media of a revoked credential stops, both ways', async () => {
    const { server, operator } = await operated();
    const { client, relayed } = await bench.allocated('UDP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    client.sendOnChannel(0x4000, 'before');
    expect(await peer.inbox.take()).toMatchObject({ data: 'before' });
    const tids = [tidOf(client.login as { readonly username: string })];
    await operator.ask('POST', '/turn/revocations', { body: { tids, until: later } });
    client.sendOnChannel(0x4000, 'after');
    peer.send('after', relayed);
    expect(outcomeOf(await client.exchange(method.Binding))).toBe('success');
    expect([client.unreadCount, peer.inbox.size]).toEqual([0, 0]);
  });

  it('[X.5.2.2-7] the credential opens nothing until then, and is as good as ever after', async () => {
    const { server, operator } = await operated();
    const login = testCredential(server.clock);
    const until = Math.floor(server.clock.now() / 1_000) + 60;
    await operator.ask('POST', '/turn/revocations', { body: { tids: [tidOf(login)], until } });
    const client = await bench.client('UDP', server);
    await client.challenge(login);
    const allocate = () => client.request(method.Allocate, { attributes: [requestedUdp] });
    expect(outcomeOf(await allocate())).toBe('error 401');
    server.clock.advance(61_000);
    expect(outcomeOf(await allocate())).toBe('success');
  });

  it('[X.5.2.2-7] tids that nobody has are taken too: their credential may come later', async () => {
    const { operator } = await operated();
    const tids = ['abcdef0123456789', '0123456789abcdef0123456789abcdef', 'A'.repeat(64)];
    const answer = await operator.ask('POST', '/turn/revocations', { body: { tids, until: later } });
    expect([answer.status, answer.body]).toEqual([204, undefined]);
  });

  const tids = ['abcdef0123456789'];
  const whole = 'expected {"tids"';
  const form = 'tids: expected each as GET /turn/allocations shows it';
  it.each([
    { fault: 'no JSON', body: '{"tids": [', expected: whole },
    { fault: 'nothing', body: '', expected: whole },
    { fault: 'an array', body: '[]', expected: whole },
    { fault: 'what nobody asked for', body: { tids, until: later, all: true }, expected: whole },
    { fault: 'no list of tids', body: { until: later }, expected: 'tids: expected a list of 1 to 1000' },
    { fault: 'no tids', body: { tids: [], until: later }, expected: 'tids: expected a list of 1 to 1000' },
    {
      fault: 'too many tids',
      body: { tids: Array.from({ length: 1_001 }, () => tids[0]?.slice(0, 8)), until: later },
      expected: 'tids: expected',
    },
    { fault: 'an empty tid', body: { tids: [''], until: later }, expected: form },
    { fault: 'a tid that is too short', body: { tids: ['abcdef012345678'], until: later }, expected: form },
    { fault: 'a tid that is too long', body: { tids: ['a'.repeat(65)], until: later }, expected: form },
    { fault: 'a user name', body: { tids: ['abcdef0123456789:1700000000'], until: later }, expected: form },
    { fault: 'a member of objects', body: { tids: ['constructor', '__proto__'], until: later }, expected: form },
    { fault: 'one tid that is none', body: { tids: [...tids, 'alice'], until: later }, expected: form },
    { fault: 'a tid that is no text', body: { tids: [1], until: later }, expected: 'tids: expected text' },
    { fault: 'no time', body: { tids }, expected: 'until: expected a whole number of Unix seconds' },
    { fault: 'milliseconds', body: { tids, until: 1_700_000_000_000 }, expected: 'not milliseconds' },
    { fault: 'a time that is no number', body: { tids, until: 'soon' }, expected: 'until: expected a whole number' },
    { fault: 'a time before 1970', body: { tids, until: -1 }, expected: 'until: expected a whole number' },
    { fault: 'a time that is over', body: { tids, until: 1_000_000_000 }, expected: 'until: expected a time to come' },
  ])('answers $fault with 400 and what was expected', async ({ body, expected }) => {
    const { server, operator } = await operated();
    const { client } = await bench.allocated('UDP', server);
    expect(await operator.ask('POST', '/turn/revocations', { body })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining(expected) },
    });
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
  });

  it('a request with a fault revokes nothing, the tids beside it neither', async () => {
    const { server, operator } = await operated();
    const { client } = await bench.allocated('UDP', server);
    const own = tidOf(client.login as { readonly username: string });
    const bodies = [
      { tids: [own, 'alice'], until: later },
      { tids: [own], until: Math.floor(server.clock.now() / 1_000) },
    ];
    for (const body of bodies) expect((await operator.ask('POST', '/turn/revocations', { body })).status).toBe(400);
    expect(outcomeOf(await client.request(method.Refresh))).toBe('success');
  });

  it('a body of more than 16 KiB gets 413', async () => {
    const { operator } = await operated();
    const body = { tids: Array.from({ length: 40 }, () => 'a'.repeat(508)), until: later };
    expect(await operator.ask('POST', '/turn/revocations', { body })).toMatchObject({ status: 413 });
  });
});

describe('The operator’s token', () => {
  const routes = [
    { verb: 'POST', path: '/turn/revocations' },
    { verb: 'POST', path: '/turn/drain' },
    { verb: 'DELETE', path: '/turn/drain' },
    { verb: 'GET', path: '/turn/allocations' },
  ];
  const wrong = [
    undefined,
    '',
    'Bearer',
    `Bearer ${operatorToken}x`,
    `Bearer ${operatorToken.slice(1)}`,
    `Basic ${operatorToken}`,
    operatorToken,
  ];

  it.each(routes)('[RFC 6750 3] $verb $path without it gets 401, and does nothing', async ({ verb, path }) => {
    const { server, operator } = await operated();
    const { client } = await bench.allocated('UDP', server);
    const body = verb === 'GET' ? undefined : { tids: [tidOf(client.login as never)], until: later };
    for (const authorization of wrong) {
      const answer = await operator.ask(verb, path, { authorization, body });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(JSON.stringify(answer.body)).not.toContain(operatorToken);
    }
    expect(outcomeOf(await client.request(method.Refresh, { attributes: [lifetimeOf(600)] }))).toBe('success');
    expect(await operator.ask('GET', '/turn/allocations')).toMatchObject({ body: { draining: false, count: 1 } });
  });

  it('[RFC 6750 3] where none is configured, there are no routes', async () => {
    const server = await bench.server();
    const operator = await bench.operator(server);
    for (const { verb, path } of routes) expect((await operator.ask(verb, path)).status).toBe(404);
  });
});

describe('GET /turn/allocations', () => {
  it('[X.5.3.1] lists what lives, without a secret', async () => {
    const { server, operator } = await operated();
    const { client, relayed } = await bench.allocated('TCP', server);
    const peer = await bench.peer();
    await client.bind(0x4000, peer.endpoint);
    const login = client.login as { readonly username: string; readonly password: string };
    const answer = await operator.ask('GET', '/turn/allocations');
    expect(answer).toMatchObject({
      status: 200,
      body: {
        draining: false,
        count: 1,
        allocations: [
          {
            tid: tidOf(login),
            transport: 'TCP',
            relayed: [`127.0.0.1:${relayed.port}`],
            expiresAt: Math.floor(server.clock.now() / 1_000) + 600,
            permissions: 1,
            channels: 1,
          },
        ],
      },
    });
    expect(JSON.stringify(answer.body)).not.toContain(login.password);
  });
});

import { once } from 'node:events';
import { Headers, noBody } from '@wicgate/sip';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Edge } from '../testing/edge.ts';
import type { WicClient, WicClientOptions } from '../testing/wic-client.ts';

let edge: Edge;
let carol: WicClient;

beforeAll(async () => {
  edge = await Edge.start({
    EP_CSCF_PING_INTERVAL_MS: '100',
    EP_CSCF_REQUEST_BURST: '20',
    EP_CSCF_REQUESTS_PER_SECOND: '5',
    EP_CSCF_PENDING_REQUESTS: '3',
    EP_CSCF_CONNECTIONS_PER_ADDRESS: '12',
  });
  carol = await edge.register('carol');
});
afterAll(() => edge.stop());

describe('the upgrade', () => {
  it.each([
    ['an untrusted Origin', { origin: 'https://evil.test' }, 403],
    ['an Origin that only begins like a trusted one', { origin: 'https://wwsf.test.evil.test' }, 403],
    ['no Origin', { origin: undefined }, 403],
    ['no subprotocol', { protocols: [] }, 400],
    ['another subprotocol', { protocols: ['xmpp'] }, 400],
  ] as const)(
    '[X.3.1 REQ 2.6] [REQ 1.1] [REQ 3.3] [eP-CSCF 1] is refused with %s',
    async (_fault, options, statusCode) => {
      await expect(edge.connect('bob', options as Partial<WicClientOptions>)).rejects.toThrow(String(statusCode));
      expect(edge.lines.some((line) => line.includes('upgrade.refused'))).toBe(true);
    },
  );

  it('[X.3.1 REQ 2.6] [REQ 1.1] [REQ 3.3] [eP-CSCF 1] is granted with a trusted Origin and subprotocol sip', async () => {
    const bob = await edge.connect('bob', { origin: 'https://localhost:8443', protocols: ['xmpp', 'sip'] });
    expect(bob.socket.protocol).toBe('sip');
    await bob.close();
  });
});

describe('a connection', () => {
  it('[RFC 5626 4.4.1] [eP-CSCF 19] has its CRLF keep-alive answered', async () => {
    const answer = once(carol.socket, 'message');
    carol.socket.send('\r\n\r\n');
    expect(String((await answer)[0])).toBe('\r\n');
  });

  it('[RFC 6455 5.5.2] that answers no ping is dead, and its flow gone', async () => {
    const bob = await edge.register('bob');
    bob.socket.pong = () => {};
    (bob.socket as unknown as { _autoPong: boolean })._autoPong = false;
    expect(await bob.closed).toBe(1_006);
    await expect.poll(() => edge.lines.at(-1)).toContain('"end":"connection closed"');
  });

  it('[W2] is closed with 1009 by a frame over 64 KiB', async () => {
    const bob = await edge.register('bob');
    bob.socket.send('x'.repeat(65_537));
    expect(await bob.closed).toBe(1_009);
    expect(await edge.tryService(carol)).toBe(200);
  });

  it('[limits] gets 503 for more requests than it may send, and is served again later', async () => {
    const bob = await edge.register('bob');
    const requests = Array.from({ length: 40 }, () => bob.create('MESSAGE'));
    for (const request of requests) bob.send(request);
    const responses = await Promise.all(requests.map((request) => bob.responseTo(request)));
    const refused = responses.filter(({ statusCode }) => statusCode === 503);
    expect(refused.length).toBeGreaterThan(15);
    expect(refused[0]?.headers.first('Retry-After')).toBe('1');
    expect(await edge.tryService(carol)).toBe(200);
    await expect.poll(() => edge.tryService(bob), { timeout: 4_000, interval: 250 }).toBe(200);
    await bob.close();
  });

  it('[limits] may have so many requests waiting, and no more', async () => {
    const bob = await edge.register('bob');
    edge.core.requests.length = 0;
    edge.core.answer = () => undefined;
    const requests = Array.from({ length: 4 }, () => bob.create('MESSAGE'));
    for (const request of requests) bob.send(request);
    const last = requests[3] ?? bob.create('MESSAGE');
    expect((await bob.responseTo(last)).statusCode).toBe(503);
    edge.core.answer = (request) => edge.core.answerWell(request);
    for (const held of edge.core.requests.filter(({ headers }) => headers.first('From')?.includes('bob'))) {
      if (held.method === 'MESSAGE') edge.core.respond(held, edge.core.answerWell(held));
    }
    await bob.responseTo(requests[2] ?? last);
    expect(await edge.tryService(bob)).toBe(200);
    await bob.close();
  });

  it('[limits] is refused beyond the number that one address may hold', async () => {
    const opened: WicClient[] = [];
    const open = async (): Promise<void> => void opened.push(await edge.connect('many'));
    for (let count = 0; count < 11; count += 1) await open();
    await expect(open()).rejects.toThrow('503');
    await Promise.all(opened.map((wic) => wic.close()));
    await open();
    await opened.at(-1)?.close();
    expect(await edge.tryService(carol)).toBe(200);
  });
});

it('[RFC 3261 16.3] 2,000 mutated frames leave the process alive and others served', async () => {
  const own = await Edge.start({ EP_CSCF_REQUEST_BURST: '100000' });
  const alice = await own.register('alice');
  let mallory = await own.register('mallory');
  const [seed] = [mallory.create('INVITE', { headers: [['Route', own.core.sCscf]] })];
  const text = `INVITE ${seed.requestUri} SIP/2.0\r\n${seed.headers}\r\n`;
  const mutant = fc.tuple(fc.nat(text.length), fc.nat(40), fc.string({ maxLength: 8, unit: 'binary' }));
  for (const [index, [at, length, noise]] of fc.sample(mutant, { numRuns: 2_000, seed: 1 }).entries()) {
    // No more on one connection than it is forgiven.
    if (index % 50 === 49) {
      expect(await own.tryService(mallory)).toBe(200);
      await mallory.close();
      mallory = await own.register('mallory');
    }
    mallory.socket.send(text.slice(0, at) + noise + text.slice(at + length));
  }
  expect(await own.tryService(mallory)).toBe(200);
  expect(await own.tryService(alice)).toBe(200);
  await own.stop();
}, 30_000);

it('[operation] stopping says good-bye with 1001, within 5 s, and leaves the port free', async () => {
  const own = await Edge.start();
  const alice = await own.register('alice');
  await own.restart();
  expect(await alice.closed).toBe(1_001);
  const again = await own.register('alice');
  expect(await own.tryService(again)).toBe(200);
  await own.stop();
});

it('[configuration] a port in use is named with the setting that moves it', async () => {
  await expect(Edge.start({ EP_CSCF_PORT: String(edge.port) })).rejects.toMatchObject({
    code: 'ERR_ADDRESS_IN_USE',
    message: expect.stringContaining('EP_CSCF_PORT'),
  });
});

it('[operation] counts flows, requests and refusals', async () => {
  const bob = await edge.connect('bob');
  bob.send({
    method: 'MESSAGE',
    requestUri: 'sip:x@y',
    headers: Headers.of(['Via', 'SIP/2.0/WSS b.invalid']),
    body: noBody,
  });
  await bob.request('STRANGE');
  const text = await edge.operations.metrics.metrics();
  expect(text).toMatch(/^ep_cscf_registered_flows 1$/mu);
  expect(text).toMatch(/^ep_cscf_requests_total\{side="w2",method="other"\} 1$/mu);
  expect(text).toMatch(/^ep_cscf_refusals_total\{side="w2",reason="not registered"\} 1$/mu);
  expect(text).toMatch(/^ep_cscf_refusals_total\{side="w2",reason="malformed"\} \d+$/mu);
  await bob.close();
});

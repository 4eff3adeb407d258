import { createResponse, type ServerTarget } from '@wicgate/sip';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { createDnsResolver } from './dns-resolver.ts';
import type { RequestRouting } from './endpoint-options.ts';
import { type DnsTable, startDnsServer } from './testing/dns-server.ts';
import { createIdentities } from './testing/identities.ts';
import { createRequest } from './testing/messages.ts';
import { startEndpoint, type TestEndpoint } from './testing/test-endpoint.ts';

const { one, two } = await createIdentities();
const host = '127.0.0.1';

async function listen(
  transport: 'Tcp' | 'Udp' | 'Tls',
  answer = 200,
): Promise<TestEndpoint & { readonly port: number }> {
  const test = startEndpoint({
    answer: (transaction) => transaction.respond(createResponse(transaction.request, answer, { toTag: 'them' })),
  });
  const address = { name: transport, host, port: 0 };
  const listening =
    transport === 'Tls'
      ? test.endpoint.listenTls({ ...address, tls: one })
      : test.endpoint[`listen${transport}`](address);
  return { ...test, port: (await listening).port };
}

interface Asked {
  readonly uri: string;
  readonly body?: Uint8Array;
  readonly routing?: RequestRouting;
}

async function ask(table: DnsTable, { uri, body = new Uint8Array(0), routing = {} }: Asked) {
  const server = await startDnsServer(table);
  const resolver = createDnsResolver({ servers: [server.address], timeoutMs: 200 });
  const client = startEndpoint({ routing: { resolver, ...routing } });
  const request = { ...createRequest({ uri, method: 'MESSAGE' }), body };
  const outcome = await new Promise<string | number>((resolve) => {
    client.endpoint.request(request, (event) => {
      if (event.type !== 'response') resolve(event.type);
      else if (event.response.statusCode >= 200) resolve(event.response.statusCode);
    });
  });
  return { outcome, asked: server.asked };
}

const a = { 'A server.example.com': [host], 'A example.com': [host] };

describe('[RFC 3263 4] a request finds its server', () => {
  it('by NAPTR, SRV and address, over TLS with the name of the domain proved', async () => {
    const server = await listen('Tls');
    const table = {
      ...a,
      'NAPTR ims.example': ['10 10 s SIPS+D2T _sips._tcp.ims.example'],
      'SRV _sips._tcp.ims.example': [`0 0 ${server.port} server.example.com`],
      'NAPTR one.ims.example': ['10 10 s SIPS+D2T _sips._tcp.ims.example'],
    };
    const { outcome, asked } = await ask(table, { uri: 'sip:bob@one.ims.example', routing: { tls: two } });
    expect(outcome).toBe(200);
    expect(asked.slice(0, 2)).toEqual(['NAPTR one.ims.example', 'SRV _sips._tcp.ims.example']);
    const { request, flow } = await server.request('MESSAGE');
    expect(flow.peer.certificateNames).toEqual(['two.ims.example']);
    // [RFC 5923 5] both ends proved their names: requests may come back on it.
    expect(request.headers.first('Via')).toMatch(/^SIP\/2\.0\/TLS tls\.test\.example;alias;branch=z9hG4bK/u);
    // [RFC 5922 4] where DNS led counts for nothing: the certificate must name what was asked for.
    const elsewhere = await ask(table, { uri: 'sip:bob@ims.example', routing: { tls: two } });
    expect(elsewhere.outcome).toBe('transport error');
  });

  it('[RFC 3263 4.3] passes over servers that are gone, or have enough to do', async () => {
    const [busy, idle] = [await listen('Tcp', 503), await listen('Tcp')];
    const table = {
      ...a,
      'SRV _sip._tcp.example.com': [
        '0 0 1 server.example.com',
        `1 0 ${busy.port} server.example.com`,
        `2 0 ${idle.port} server.example.com`,
      ],
    };
    const { outcome } = await ask(table, { uri: 'sip:bob@example.com;transport=tcp' });
    expect(outcome).toBe(200);
    const [first, second] = await Promise.all([busy.request('MESSAGE'), idle.request('MESSAGE')]);
    expect(second.request.headers.first('Via')).not.toBe(first.request.headers.first('Via'));
  });

  it('[RFC 3581 3] asks for the port it is seen with over UDP', async () => {
    const server = await listen('Udp');
    expect((await ask(a, { uri: `sip:bob@example.com:${server.port}` })).outcome).toBe(200);
    const { request, flow } = await server.request('MESSAGE');
    expect(request.headers.first('Via')).toContain(`;rport=${flow.peer.port};`);
  });

  it('[RFC 3261 18.1.1] goes over TCP where it is long', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenTcpAndUdp({ names: { tcp: 'tcp', udp: 'udp' }, host, port: 0 });
    const { outcome } = await ask(a, { uri: `sip:bob@example.com:${port}`, body: new Uint8Array(1_300) });
    expect(outcome).toBe(200);
    expect((await server.request('MESSAGE')).flow.transport).toBe('TCP');
  });

  it('[RFC 3261 18.1.1] goes over UDP all the same where TCP is refused', async () => {
    const server = await listen('Udp');
    const { outcome } = await ask(a, { uri: `sip:bob@example.com:${server.port}`, body: new Uint8Array(1_300) });
    expect(outcome).toBe(200);
    expect((await server.request('MESSAGE')).flow.transport).toBe('UDP');
  });

  it('[RFC 7118 5.3] reaches a WebSocket server too', async () => {
    const server = new WebSocketServer({ host, port: 0 });
    onTestFinished(() => void server.close());
    server.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(String(data).replace(/^.*/u, 'SIP/2.0 200 OK')));
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const { outcome } = await ask(a, { uri: `sip:example.com:${port};transport=ws`, routing: { transports: ['WS'] } });
    expect(outcome).toBe(200);
  });
});

describe('[RFC 3263 4] a request that may not go everywhere', () => {
  const mayReach = ({ address }: ServerTarget): boolean => address !== '127.0.0.1' && address !== '::1';

  it.each([
    ['an address', () => 'sip:bob@127.0.0.1', {}],
    ['a name', () => 'sip:bob@example.com', a],
    [
      'a server that DNS names',
      () => 'sip:bob@example.com',
      { ...a, 'SRV _sip._udp.example.com': ['0 0 9 localhost'] },
    ],
    ['maddr', (port: number) => `sip:bob@127.0.0.2:${port};maddr=127.0.0.1`, {}],
  ])('ends with a transport error where that is all there is: %s', async (_name, uri, table) => {
    const server = await listen('Udp');
    expect((await ask(table, { uri: uri(server.port), routing: { mayReach } })).outcome).toBe('transport error');
    expect(server.told.all).toEqual([]);
  });

  it('goes on to the next one', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenUdp({ name: 'udp', host: '127.0.0.2', port: 0 });
    const table = { 'A server.example.com': ['127.0.0.1', '127.0.0.2'] };
    const { outcome } = await ask(table, { uri: `sip:bob@server.example.com:${port}`, routing: { mayReach } });
    expect(outcome).toBe(200);
  });
});

describe('[RFC 3263 4] a request that finds no server', () => {
  it.each([
    ['a name that does not exist', 'sip:bob@nowhere.example', {}],
    ['a name that DNS does not answer for', 'sip:bob@broken.example:5060', {}],
    ['sips: without a certificate authority', 'sips:bob@127.0.0.1', {}],
    ['TLS to an address, which no certificate names', 'sips:bob@127.0.0.1:1', { tls: two }],
  ])('ends with a transport error: %s', async (_name, uri, routing) => {
    const table: DnsTable = { 'A broken.example': 'SERVFAIL', 'AAAA broken.example': 'SILENCE' };
    expect((await ask(table, { uri, routing })).outcome).toBe('transport error');
  });
});

it('a user that fails when it is told harms nobody', async () => {
  const server = await listen('Udp');
  const client = startEndpoint();
  const fail = (): void => {
    throw new TypeError('a fault of the user');
  };
  client.endpoint.request(createRequest({ uri: `sip:${host}:${server.port}` }), fail);
  const { error } = await client.fault('ERR_SIP_PROCESSING_FAILED');
  expect(error.cause).toBeInstanceOf(TypeError);
  // Nobody was reached, so that there is no flow to tell of.
  await new Promise<void>((resolve) => {
    client.endpoint.request(createRequest({ uri: 'sips:127.0.0.1' }), () => {
      resolve();
      fail();
    });
  });
});

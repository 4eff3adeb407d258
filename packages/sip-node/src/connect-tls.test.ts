import { isRequest, type SipResponse } from '@wicgate/sip';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from './endpoint.ts';
import type { TlsIdentity } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';
import { createIdentities } from './testing/identities.ts';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain, connectSecure, type RawPeer } from './testing/raw-peer.ts';
import { startEndpoint, type TestEndpoint, type TestEndpointOptions } from './testing/test-endpoint.ts';

const { one, two, stranger } = await createIdentities();
const serverName = 'one.ims.example';
const host = '127.0.0.1';

async function listen(options: TestEndpointOptions = {}): Promise<TestEndpoint & { port: number }> {
  const test = startEndpoint(options);
  return { ...test, ...(await test.endpoint.listenTls({ name: 'tls', host, port: 0, tls: one })) };
}

function ask(endpoint: Endpoint, flow: NodeFlow): Promise<SipResponse> {
  return new Promise((resolve, reject) => {
    endpoint.layer.request(createRequest(), flow, (event) => {
      if (event.type === 'response') resolve(event.response);
      else reject(new Error(event.type));
    });
  });
}

describe('[TS 33.210 5.3] mutual TLS', () => {
  it('proves both names and gives the session one name on both ends', async () => {
    const server = await listen();
    const { endpoint } = startEndpoint();
    const flow = await endpoint.connectTls({ host, port: server.port, tls: two, serverName });
    expect((await ask(endpoint, flow)).statusCode).toBe(200);
    const { flow: accepted } = await server.request('OPTIONS');
    expect(accepted.peer.certificateNames).toEqual(['two.ims.example']);
    expect(flow.peer.certificateNames).toEqual(['one.ims.example', 'alias.ims.example']);
    expect(accepted).toMatchObject({ transport: 'TLS', listener: 'tls' });
    expect(flow).toMatchObject({ transport: 'TLS', listener: undefined });
    expect(flow.peer.tlsSession).toMatch(/^[0-9a-f]{64}$/u);
    expect(accepted.peer.tlsSession).toBe(flow.peer.tlsSession);
  });

  it.each([
    ['no certificate', { ca: one.ca }],
    ['a certificate of another authority', { ca: one.ca, cert: stranger.cert, key: stranger.key }],
    ['TLS 1.1', { ca: one.ca, cert: two.cert, key: two.key, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' } as const],
  ])('a client with %s gets no further than the handshake', async (_name, options) => {
    const { port, told, endpoint } = await listen();
    const peer = await connectSecure(port, { ...options, servername: serverName });
    peer.write(requestText());
    await peer.closed;
    expect(peer.text).toBe('');
    expect(told.all).toEqual([]);
    expect(endpoint.connections).toBe(0);
  });

  it('one address holds no more connections than it may, be they shaking hands', async () => {
    const { port, endpoint } = await listen({ maxConnectionsPerAddress: 1 });
    const silent = await connectPlain(port);
    const options = { ca: one.ca, cert: two.cert, key: two.key, servername: serverName };
    const second = await connectSecure(port, options);
    await second.closed;
    expect([endpoint.connections, silent.socket.destroyed]).toEqual([0, false]);
    // The far end hears of an end a little later.
    const connectAgain = async (): Promise<RawPeer> => {
      for (;;) {
        const peer = await connectSecure(port, options);
        if (!peer.socket.destroyed) return peer;
      }
    };
    for (let last = silent, number = 0; number < 2; number += 1) {
      last.socket.destroy();
      last = await connectAgain();
      last.write(requestText());
      await last.receive('SIP/2.0 200 OK');
    }
  });

  it('an identity that cannot be read does not stand in the way of the next one', async () => {
    const server = await listen();
    const { endpoint } = startEndpoint();
    const destination = { host, port: server.port, serverName };
    const unreadable = { ...two, cert: Buffer.from('no PEM') };
    await expect(endpoint.connectTls({ ...destination, tls: unreadable })).rejects.toThrow();
    expect((await endpoint.connectTls({ ...destination, tls: two })).isOpen).toBe(true);
  });

  it.each([
    ['another name', { identity: one, name: 'two.ims.example' }],
    ['a certificate of another authority', { identity: stranger, name: 'two.ims.example' }],
  ])('a server with %s is refused', async (_name, { identity, name }) => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenTls({ name: 'tls', host, port: 0, tls: identity });
    const { endpoint } = startEndpoint();
    const refused = endpoint.connectTls({ host, port, tls: one, serverName: name });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED', statusCode: 503 });
    expect(endpoint.connections).toBe(0);
  });

  it('a port without TLS, or without anybody, is refused, and another try may succeed', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenTcp({ name: 'tcp', host, port: 0 });
    const { endpoint } = startEndpoint({ connectTimeoutMs: 200 });
    const destination = { host, port, tls: two, serverName };
    await expect(endpoint.connectTls(destination)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
    await server.endpoint.stop();
    await expect(endpoint.connectTls(destination)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
    const { endpoint: restarted } = startEndpoint();
    await restarted.listenTls({ name: 'tls', host, port, tls: one });
    expect((await endpoint.connectTls(destination)).isOpen).toBe(true);
  });
});

describe('[RFC 5923 4] connections are reused', () => {
  it('one carries all requests to a peer, also those that start together', async () => {
    const server = await listen();
    const { endpoint } = startEndpoint();
    const destination = { host, port: server.port, tls: two, serverName };
    const [first, second] = await Promise.all([endpoint.connectTls(destination), endpoint.connectTls(destination)]);
    expect(second).toBe(first);
    expect(await endpoint.connectTls(destination)).toBe(first);
    await ask(endpoint, first);
    expect(server.endpoint.connections).toBe(1);
  });

  it('another name is another connection', async () => {
    const server = await listen();
    const { endpoint } = startEndpoint();
    const first = await endpoint.connectTls({ host, port: server.port, tls: two, serverName });
    const second = await endpoint.connectTls({ host, port: server.port, tls: two, serverName: 'alias.ims.example' });
    expect(second).not.toBe(first);
  });

  it('a closed one is not used again', async () => {
    const server = await listen();
    const client = startEndpoint();
    const destination = { host, port: server.port, tls: two, serverName };
    const first = await client.endpoint.connectTls(destination);
    first.close();
    const second = await client.endpoint.connectTls(destination);
    expect(second).not.toBe(first);
    await ask(client.endpoint, second);
    (await server.request('OPTIONS')).flow.close();
    await client.told.when((told) => told.type === 'closed' && told.flow === second);
    expect((await ask(client.endpoint, await client.endpoint.connectTls(destination))).statusCode).toBe(200);
  });
});

it('[RFC 3261 18.3] between nodes there is room for what each hop adds to the longest message of a user', async () => {
  const server = await listen();
  const { endpoint } = startEndpoint();
  const flow = await endpoint.connectTls({ host, port: server.port, tls: two, serverName });
  const headers = [`Subject: ${'long '.repeat(8_000)}`, ...Array.from({ length: 250 }, () => 'A: b')];
  const request = createRequest({ headers, body: 'b'.repeat(66_000) });
  const answered = new Promise((resolve) => endpoint.layer.request(request, flow, resolve));
  expect(await answered).toMatchObject({ type: 'response', response: { statusCode: 200 } });
});

describe('peers that do not come to the point', () => {
  it('a connection that never speaks TLS is closed, others are not kept waiting', async () => {
    const { port } = await listen({ handshakeTimeoutMs: 300 });
    const silent = await Promise.all(Array.from({ length: 50 }, () => connectPlain(port)));
    silent[1]?.write('\x16\x03\x01');
    const { endpoint } = startEndpoint();
    const flow = await endpoint.connectTls({ host, port, tls: two, serverName });
    expect((await ask(endpoint, flow)).statusCode).toBe(200);
    await Promise.all(silent.map(({ closed }) => closed));
  });

  it('a trusted peer that sends nothing is closed too', async () => {
    const { port } = await listen({ messageTimeoutMs: 100 });
    const peer = await connectSecure(port, { ca: one.ca, cert: two.cert, key: two.key, servername: serverName });
    await peer.closed;
  });

  it('a request travels the other way on a connection that a peer opened', async () => {
    const server = await listen();
    const client = startEndpoint();
    const flow = await client.endpoint.connectTls({ host, port: server.port, tls: two, serverName });
    await ask(client.endpoint, flow);
    const { flow: accepted } = await server.request('OPTIONS');
    expect((await ask(server.endpoint, accepted)).statusCode).toBe(200);
    expect(isRequest((await client.request('OPTIONS')).request)).toBe(true);
  });
});

it('[RFC 3261 26.3.2.2] the identity of a listener must be whole', async () => {
  const { endpoint } = startEndpoint();
  const tls: TlsIdentity = { ...one, key: Buffer.from('no key') };
  await expect(async () => endpoint.listenTls({ name: 'tls', host, port: 0, tls })).rejects.toThrow();
});

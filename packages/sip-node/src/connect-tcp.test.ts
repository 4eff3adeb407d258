import { createServer } from 'node:net';
import { createResponse } from '@wicgate/sip';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRequest } from './testing/messages.ts';
import { startEndpoint } from './testing/test-endpoint.ts';

const host = '127.0.0.1';

async function listen() {
  const test = startEndpoint();
  return { ...test, ...(await test.endpoint.listenTcp({ name: 'tcp', host, port: 0 })) };
}

describe('[RFC 3261 18.1.1] TCP connections opened here', () => {
  it('carry requests and their answers, one connection to each peer', async () => {
    const server = await listen();
    const { endpoint } = startEndpoint();
    const destination = { host, port: server.port };
    const [first, second] = await Promise.all([endpoint.connectTcp(destination), endpoint.connectTcp(destination)]);
    expect(second).toBe(first);
    expect(first).toMatchObject({ transport: 'TCP', reliable: true, listener: undefined, sentBy: 'tcp.test.example' });
    const answered = new Promise((resolve) => endpoint.layer.request(createRequest(), first, resolve));
    expect(await answered).toMatchObject({ type: 'response', response: { statusCode: 200 } });
    expect(server.endpoint.connections).toBe(1);
    first.close();
    expect(await endpoint.connectTcp(destination)).not.toBe(first);
  });

  it('[RFC 3261 18.2.1] take requests the other way', async () => {
    const server = await listen();
    const client = startEndpoint({
      answer: (transaction) => transaction.respond(createResponse(transaction.request, 480)),
    });
    const flow = await client.endpoint.connectTcp({ host, port: server.port });
    client.endpoint.layer.request(createRequest(), flow, () => {});
    const { flow: accepted } = await server.request('OPTIONS');
    const answered = new Promise((resolve) => server.endpoint.layer.request(createRequest(), accepted, resolve));
    expect(await answered).toMatchObject({ response: { statusCode: 480 } });
  });

  it('fail with a TransportFailed where nobody listens, and another try may succeed', async () => {
    const server = await listen();
    await server.endpoint.stop();
    const { endpoint } = startEndpoint();
    const destination = { host, port: server.port };
    await expect(endpoint.connectTcp(destination)).rejects.toMatchObject({
      code: 'ERR_SIP_TRANSPORT_FAILED',
      cause: { code: 'ECONNREFUSED' },
    });
    const { endpoint: restarted } = startEndpoint();
    await restarted.listenTcp({ name: 'tcp', ...destination });
    expect((await endpoint.connectTcp(destination)).isOpen).toBe(true);
  });

  it('are no more than allowed; one that has closed makes room', async () => {
    const servers = [await listen(), await listen()];
    const client = startEndpoint({ maxOutgoingConnections: 1 });
    const [first, second] = servers.map(({ port }) => ({ host, port }));
    if (first === undefined || second === undefined) throw new TypeError('expected two servers');
    const flow = await client.endpoint.connectTcp(first);
    await expect(client.endpoint.connectTcp(second)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
    expect(await client.endpoint.connectTcp(first)).toBe(flow);
    flow.close();
    await client.closed();
    expect((await client.endpoint.connectTcp(second)).isOpen).toBe(true);
  });

  it('are not opened any more once the endpoint has stopped', async () => {
    const server = await listen();
    const { endpoint } = startEndpoint();
    await endpoint.stop();
    const refused = { code: 'ERR_SIP_TRANSPORT_FAILED' };
    await expect(endpoint.connectTcp({ host, port: server.port })).rejects.toMatchObject(refused);
    await expect(endpoint.connectUdp({ host, port: server.port })).rejects.toMatchObject(refused);
    await expect(endpoint.connectWebSocket({ url: `ws://${host}:${server.port}` })).rejects.toMatchObject(refused);
  });
});

describe('[RFC 3261 18.1.1] requests by UDP', () => {
  it('leave from the socket that listens, so that answers to sent-by find us too', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenUdp({ name: 'udp', host, port: 0 });
    const { endpoint } = startEndpoint();
    const own = await endpoint.listenUdp({ name: 'udp', host, port: 0 });
    const flow = await endpoint.connectUdp({ host, port });
    expect(flow).toMatchObject({ transport: 'UDP', reliable: false, listener: undefined, isOpen: true });
    const answered = new Promise((resolve) => endpoint.layer.request(createRequest(), flow, resolve));
    expect(await answered).toMatchObject({ response: { statusCode: 200 } });
    expect((await server.request('OPTIONS')).flow.peer).toMatchObject({ address: host, port: own.port });
  });

  it('leave from a socket of their own where none listens', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenUdp({ name: 'udp', host, port: 0 });
    const { endpoint } = startEndpoint();
    const flows = await Promise.all([endpoint.connectUdp({ host, port }), endpoint.connectUdp({ host, port })]);
    for (const flow of flows) {
      const answered = new Promise((resolve) => endpoint.layer.request(createRequest(), flow, resolve));
      expect(await answered).toMatchObject({ response: { statusCode: 200 } });
    }
    expect(
      new Set(server.told.all.map((told) => told.type === 'request' && told.transaction.flow.peer.port)).size,
    ).toBe(1);
  });

  it('a name is the caller’s mistake', async () => {
    const { endpoint } = startEndpoint();
    await expect(endpoint.connectUdp({ host: 'example.com', port: 1 })).rejects.toThrow(
      new TypeError('expected host to be an IP address; request() looks names up'),
    );
  });
});

it('a peer that never takes the connection up is given up in time', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { endpoint } = startEndpoint({ connectTimeoutMs: 50 });
  // It takes TCP, and never answers the upgrade.
  await expect(endpoint.connectWebSocket({ url: `ws://${host}:${port}/` })).rejects.toMatchObject({
    code: 'ERR_SIP_TRANSPORT_FAILED',
  });
  expect(endpoint.connections).toBe(0);
});

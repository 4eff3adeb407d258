import { describe, expect, it } from 'vitest';
import { ConnectionPool } from './connection-pool.ts';
import type { NodeFlow } from './node-flow.ts';
import { createIdentities } from './testing/identities.ts';
import { createRequest } from './testing/messages.ts';
import { startEndpoint, type TestEndpoint } from './testing/test-endpoint.ts';

const { one, two } = await createIdentities();
const host = '127.0.0.1';

/** `two` connects to `one` and says in its Via that it takes requests for `port` on that connection. */
async function connectWithAlias(port: number, params: readonly (readonly [string, string])[] = [['alias', '']]) {
  const server = startEndpoint();
  const listening = await server.endpoint.listenTls({ name: 'tls', host, port: 0, tls: one });
  const client = startEndpoint({ sentBy: () => `two.ims.example:${port}` });
  const flow = await client.endpoint.connectTls({
    host,
    port: listening.port,
    tls: two,
    serverName: 'one.ims.example',
  });
  const answered = new Promise((resolve) => client.endpoint.layer.request(createRequest(), flow, resolve, params));
  await answered;
  return { server, client, accepted: (await server.request('OPTIONS')).flow };
}

const unreachable = { host, port: 1, tls: one, serverName: 'two.ims.example' };
const reach = ({ endpoint }: TestEndpoint, destination: Partial<typeof unreachable> = {}): Promise<NodeFlow> =>
  endpoint.connectTls({ ...unreachable, ...destination });

describe('[RFC 5923 5] a connection that its peer offers for requests', () => {
  it('is used for them', async () => {
    const { server, client, accepted } = await connectWithAlias(1);
    const flow = await reach(server);
    expect(flow).toBe(accepted);
    const answered = new Promise((resolve) =>
      server.endpoint.layer.request(createRequest({ method: 'INFO' }), flow, resolve),
    );
    expect(await answered).toMatchObject({ response: { statusCode: 200 } });
    await client.request('INFO');
  });

  it('without a port in its Via stands for the port of SIP over TLS', async () => {
    const server = startEndpoint();
    const { port } = await server.endpoint.listenTls({ name: 'tls', host, port: 0, tls: one });
    const client = startEndpoint();
    const flow = await client.endpoint.connectTls({ host, port, tls: two, serverName: 'one.ims.example' });
    await new Promise((resolve) => client.endpoint.layer.request(createRequest(), flow, resolve, [['alias', '']]));
    expect(await reach(server, { port: 5_061 })).toBe((await server.request('OPTIONS')).flow);
  });

  it.each([
    ['another name', { serverName: 'one.ims.example' }],
    ['another port', { port: 2 }],
    ['another address', { host: '127.0.0.2' }],
  ])('is not used for %s', async (_name, destination) => {
    const { server } = await connectWithAlias(1);
    await expect(reach(server, destination)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });

  it('is not used where nobody offered it', async () => {
    const { server } = await connectWithAlias(1, []);
    await expect(reach(server)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });

  it('is not used once it has closed', async () => {
    const { server, accepted } = await connectWithAlias(1);
    accepted.close();
    await expect(reach(server)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });

  it('[RFC 5923 8] is not offered by a client without a certificate', async () => {
    const server = startEndpoint();
    const identity = { tls: one, requiresCertificate: false };
    const { port } = await server.endpoint.listenTls({ name: 'tls', host, port: 0, ...identity });
    const client = startEndpoint({ sentBy: () => 'two.ims.example:1' });
    const flow = await client.endpoint.connectTls({ host, port, tls: { ca: one.ca }, serverName: 'one.ims.example' });
    await new Promise((resolve) => client.endpoint.layer.request(createRequest(), flow, resolve, [['alias', '']]));
    expect((await server.request('OPTIONS')).flow.peer.certificateNames).toEqual([]);
    await expect(reach(server)).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });
});

it('a peer can offer a few ports on one connection, and all go with it', () => {
  const pool = new ConnectionPool(1);
  const peer = { address: '192.0.2.1', port: 1, certificateNames: ['a.example'], tlsSession: undefined };
  const flow = { isOpen: true, peer } as unknown as NodeFlow;
  for (let port = 1; port <= 1_000; port += 1) pool.addAlias(flow, port);
  const found = (): readonly number[] =>
    Array.from({ length: 1_000 }, (_, index) => index + 1).filter((port) =>
      pool.findAlias('192.0.2.1', port, 'A.example'),
    );
  expect(found()).toEqual([1, 2, 3, 4]);
  pool.forget(flow);
  expect(found()).toEqual([]);
});

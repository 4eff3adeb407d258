import { encodeUtf8 } from '@wicgate/sip';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { createIdentities } from './testing/identities.ts';
import { createRequest } from './testing/messages.ts';
import { startEndpoint, type TestEndpoint } from './testing/test-endpoint.ts';

const { one, stranger } = await createIdentities();
const host = '127.0.0.1';
const origin = 'https://wwsf.ims.example';
const serverName = 'one.ims.example';

async function listen(tls: typeof one | undefined): Promise<TestEndpoint & { readonly url: string }> {
  const test = startEndpoint();
  const isTrustedOrigin = (name: string): boolean => name === origin;
  const { port } = await test.endpoint.listenWebSocket({
    name: 'ws',
    host,
    port: 0,
    tls,
    pingIntervalMs: 50,
    isTrustedOrigin,
  });
  return { ...test, url: `${tls === undefined ? 'ws' : 'wss'}://${host}:${port}/` };
}

describe('[RFC 7118 5] a WebSocket opened here', () => {
  it.each([
    ['WSS', one],
    ['WS', undefined],
  ])('%s carries requests both ways, text and octets', async (transport, tls) => {
    const server = await listen(tls);
    const { endpoint } = startEndpoint();
    const flow = await endpoint.connectWebSocket({ url: server.url, tls: one, serverName, origin });
    expect(flow).toMatchObject({ transport, reliable: true, listener: undefined });
    expect(flow.sentBy).toBe(`${transport.toLowerCase()}.test.example`);
    for (const body of [encodeUtf8('text'), Uint8Array.of(0xff, 0xfe)]) {
      const request = { ...createRequest({ method: 'MESSAGE' }), body };
      const answered = new Promise((resolve) => endpoint.layer.request(request, flow, resolve));
      expect(await answered).toMatchObject({ response: { statusCode: 200 } });
    }
    const { flow: accepted, request } = await server.request('MESSAGE');
    expect(accepted).toMatchObject({ transport, listener: 'ws' });
    expect(request.headers.first('Via')).toContain(`SIP/2.0/${transport} `);
    expect(accepted.peer.tlsSession).toBe(flow.peer.tlsSession);
    expect(flow.peer.certificateNames).toEqual(tls === undefined ? [] : ['one.ims.example', 'alias.ims.example']);
    const other = new Promise((resolve) => server.endpoint.layer.request(createRequest(), accepted, resolve));
    expect(await other).toMatchObject({ response: { statusCode: 200 } });
    expect(await endpoint.connectWebSocket({ url: server.url, tls: one, serverName, origin })).toBe(flow);
  });

  it('[RFC 6455 4.1] is not opened without what the server wants', async () => {
    const { url } = await listen(one);
    const { endpoint } = startEndpoint();
    const refused = { code: 'ERR_SIP_TRANSPORT_FAILED' };
    const right = { url, tls: one, serverName, origin };
    await expect(endpoint.connectWebSocket({ ...right, origin: undefined })).rejects.toMatchObject(refused);
    await expect(endpoint.connectWebSocket({ ...right, serverName: 'two.ims.example' })).rejects.toMatchObject(refused);
    await expect(endpoint.connectWebSocket({ ...right, serverName: undefined })).rejects.toMatchObject(refused);
    await expect(endpoint.connectWebSocket({ ...right, tls: { ca: stranger.cert } })).rejects.toMatchObject(refused);
    expect(endpoint.connections).toBe(0);
    expect((await endpoint.connectWebSocket(right)).isOpen).toBe(true);
  });

  it('[RFC 7118 4] is not opened to a server that speaks another subprotocol', async () => {
    const server = new WebSocketServer({ host, port: 0, handleProtocols: () => false });
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const { endpoint } = startEndpoint();
    const url = `ws://${host}:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    await expect(endpoint.connectWebSocket({ url })).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });

  it('[RFC 6455 5.5.2] is closed when the server answers no pings', async () => {
    const server = new WebSocketServer({ host, port: 0, autoPong: false });
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const client = startEndpoint();
    const url = `ws://${host}:${typeof address === 'object' && address !== null ? address.port : 0}/`;
    await client.endpoint.connectWebSocket({ url, pingIntervalMs: 20 });
    expect(await client.endReason()).toBe('silent');
  });
});

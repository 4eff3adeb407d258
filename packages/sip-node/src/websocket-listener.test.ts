import { request as httpsRequest } from 'node:https';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EventLog } from './testing/event-log.ts';
import { createIdentities } from './testing/identities.ts';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain, connectSecure } from './testing/raw-peer.ts';
import { startEndpoint, type TestEndpoint, type TestEndpointOptions } from './testing/test-endpoint.ts';
import { connectWebSocket, trustedOrigin, upgradeStatus } from './testing/web-socket-peer.ts';
import type { WebSocketRefusal } from './websocket-listener.ts';

const { one } = await createIdentities();
const via = 'SIP/2.0/WSS wic.invalid;branch=z9hG4bK1';
const ok = 'SIP/2.0 200 OK\r\n';

interface Listening extends TestEndpoint {
  readonly port: number;
  readonly refused: EventLog<WebSocketRefusal>;
}

async function listen(
  options: TestEndpointOptions & { readonly pingIntervalMs?: number; readonly perAddress?: number } = {},
): Promise<Listening> {
  const { pingIntervalMs = 30_000, perAddress, ...rest } = options;
  const test = startEndpoint(rest);
  const refused = new EventLog<WebSocketRefusal>();
  const { port } = await test.endpoint.listenWebSocket({
    name: 'w2',
    host: '127.0.0.1',
    port: 0,
    tls: one,
    pingIntervalMs,
    maxConnectionsPerAddress: perAddress,
    isTrustedOrigin: (origin) => origin === trustedOrigin,
    onRefused: (reason) => refused.add(reason),
  });
  return { ...test, port, refused };
}

describe('[RFC 7118 4.1] the upgrade', () => {
  it('[RFC 7118 4.1] is granted with subprotocol sip', async () => {
    const { port } = await listen();
    const peer = await connectWebSocket(port);
    expect(peer.socket.protocol).toBe('sip');
    const other = await connectWebSocket(port, { protocols: ['chat', 'sip'] });
    expect(other.socket.protocol).toBe('sip');
  });

  it.each([
    ['[X.3.1 REQ 2.6] no Origin', { origin: undefined }, 403, 'origin'],
    ['[X.3.1 REQ 2.6] a foreign Origin', { origin: 'https://evil.example' }, 403, 'origin'],
    ['[X.3.1 REQ 2.6] an opaque Origin', { origin: 'null' }, 403, 'origin'],
    ['[X.3.1 REQ 2.6] an Origin that only begins well', { origin: `${trustedOrigin}.evil.example` }, 403, 'origin'],
    ['[RFC 7118 4.1] no subprotocol', { protocols: [] }, 400, 'subprotocol'],
    ['[RFC 7118 4.1] another subprotocol', { protocols: ['sips', 'xmpp'] }, 400, 'subprotocol'],
  ] as const)('%s is refused', async (_name, options, status, reason) => {
    const { port, refused, endpoint } = await listen();
    expect(await upgradeStatus(port, options)).toBe(status);
    expect(refused.all).toEqual([reason]);
    expect(endpoint.connections).toBe(0);
  });

  it('is refused beyond capacity, and granted again when a place is free', async () => {
    const { port, refused, closed } = await listen({ maxConnections: 2 });
    const first = await connectWebSocket(port);
    await connectWebSocket(port);
    expect(await upgradeStatus(port)).toBe(503);
    expect(refused.all).toEqual(['capacity']);
    first.socket.close();
    await closed();
    expect(await upgradeStatus(port)).toBe(101);
  });

  it('is refused beyond what one address may hold', async () => {
    const { port, closed } = await listen({ perAddress: 1 });
    const first = await connectWebSocket(port);
    expect(await upgradeStatus(port)).toBe(503);
    first.socket.terminate();
    await closed();
    expect(await upgradeStatus(port)).toBe(101);
  });

  it('leaves room to others when one address connects and never asks for it', async () => {
    const { port, endpoint } = await listen({ perAddress: 1 });
    const silent = await Promise.all(Array.from({ length: 101 }, () => connectPlain(port)));
    const late = await connectPlain(port);
    await late.closed;
    expect(silent.some(({ socket }) => socket.destroyed)).toBe(false);
    expect(endpoint.connections).toBe(0);
  });

  it('[RFC 6455 4.2] is refused where the handshake is broken', async () => {
    const { port, endpoint } = await listen();
    const head = `GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: ${trustedOrigin}\r\n`;
    const peer = await connectSecure(port, { ca: one.ca, servername: 'one.ims.example' });
    peer.write(`${head}Sec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n`);
    await peer.closed;
    expect(peer.text).toContain('HTTP/1.1 400 ');
    expect(endpoint.connections).toBe(0);
  });

  it('[RFC 9110 15.5.22] other requests are told what is expected, and cannot keep the connection', async () => {
    const { port } = await listen();
    const status = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, ca: one.ca, servername: 'one.ims.example', agent: false } as const;
      const request = httpsRequest(options, (response) => {
        response.resume().on('end', () => resolve([response.statusCode, response.headers.connection]));
      });
      request.on('error', reject).end();
    });
    expect(status).toEqual([426, 'close']);
  });
});

describe('[RFC 7118 5] messages in frames', () => {
  it.each(['text', 'binary'])('[RFC 7118 5] a %s frame is one message', async (kind) => {
    const { port, request } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }), { binary: kind === 'binary' });
    const answer = await peer.frame((frame) => frame.text.startsWith(ok));
    expect(answer.isBinary).toBe(false);
    const { flow } = await request('OPTIONS');
    expect(flow).toMatchObject({ transport: 'WSS', reliable: true, sentBy: 'wss.test.example', listener: 'w2' });
    expect(flow.peer.tlsSession).toMatch(/^[0-9a-f]{64}$/u);
    expect(flow.peer.certificateNames).toEqual([]);
  });

  it('[RFC 6455 5.6] a message whose body is no UTF-8 leaves in a binary frame', async () => {
    const { port, request } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }));
    const { flow } = await request('OPTIONS');
    await flow.send({ ...createRequest(), body: Uint8Array.of(0xff, 0xfe) });
    expect((await peer.frame((frame) => frame.text.startsWith('OPTIONS'))).isBinary).toBe(true);
  });

  it('[RFC 7118 5] several frames may make one message', async () => {
    const { port } = await listen();
    const peer = await connectWebSocket(port);
    const text = requestText({ via });
    peer.socket.send(text.slice(0, 100), { fin: false });
    peer.socket.send(text.slice(100), { fin: true });
    await peer.frame((frame) => frame.text.startsWith(ok));
  });

  it('[RFC 7118 6] [RFC 5626 4.4.1] a double CRLF is answered with one, a single one with nothing', async () => {
    const { port, told } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send('\r\n');
    peer.socket.send('\r\n\r\n');
    await peer.frame((frame) => frame.text === '\r\n');
    expect(peer.frames.all).toHaveLength(1);
    expect(told.all).toEqual([]);
  });

  it.each([
    ['noise', 'this is no message'],
    ['nothing', ''],
    ['half a message', requestText().slice(0, 60)],
    ['a message without its empty line', requestText({ via }).trimEnd()],
  ])('[RFC 7118 5] %s is dropped and the connection lives', async (_name, text) => {
    const { port, told } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(text);
    await told.when(({ type }) => type === 'fault');
    peer.socket.send(requestText({ via }));
    await peer.frame((frame) => frame.text.startsWith(ok));
    expect(peer.socket.readyState).toBe(WebSocket.OPEN);
  });

  it.each([
    ['CSeq of another method', requestText({ via }).replace('1 OPTIONS', '1 BYE'), 400],
    ['no To', requestText({ via }).replace(/To: .*\r\n/u, ''), 400],
    ['another version', requestText({ via }).replace('SIP/2.0\r\n', 'SIP/4.0\r\n'), 505],
    ['too many header fields', requestText({ via, headers: Array.from({ length: 300 }, () => 'A: b') }), 513],
    ['a Content-Length beyond the frame', requestText({ via }).replace('Length: 0', 'Length: 9'), 400],
  ])('[RFC 3261 16.3-1] %s is answered', async (_name, text, statusCode) => {
    const { port } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(text);
    await peer.frame((frame) => frame.text.startsWith(`SIP/2.0 ${statusCode} `));
    expect(peer.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('[RFC 6455 7.4.1] a frame over 64 KiB closes with 1009, one of 64 KiB does not', async () => {
    const { port, fault, closed } = await listen();
    const peer = await connectWebSocket(port);
    const body = 'b'.repeat(65_536 - requestText({ via, body: 'b'.repeat(65_000) }).length + 65_000);
    peer.socket.send(requestText({ via, body }));
    await peer.frame((frame) => frame.text.startsWith(ok));
    peer.socket.send(requestText({ via, body: `${body}b` }));
    expect(await peer.closed).toBe(1009);
    await fault('ERR_SIP_MESSAGE_TOO_LARGE');
    await closed();
  });

  it('[RFC 6455 8.1] a text frame that is no UTF-8 closes with 1007', async () => {
    const { port } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(Uint8Array.of(0xff, 0xfe), { binary: false });
    expect(await peer.closed).toBe(1007);
  });

  it('after close nothing that still comes is acted on', async () => {
    const { port, request, told } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }));
    const { flow } = await request('OPTIONS');
    flow.close(1008);
    peer.socket.send(requestText({ via: 'SIP/2.0/WSS wic.invalid;branch=z9hG4bK2' }));
    expect(await peer.closed).toBe(1008);
    await told.when(({ type }) => type === 'closed');
    expect(told.all.filter(({ type }) => type === 'request')).toHaveLength(1);
    await expect(flow.send(createRequest())).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });
});

describe('peers that only cost', () => {
  it('[RFC 6455 5.5.2] a peer that answers no ping is noticed', async () => {
    const { port, closed } = await listen({ pingIntervalMs: 50 });
    const peer = await connectWebSocket(port, { answersPings: false });
    await closed();
    expect(await peer.closed).toBe(1006);
  });

  it('[RFC 6455 5.5.2] a peer that answers stays', async () => {
    const { port, endpoint, told } = await listen({ pingIntervalMs: 20 });
    const peer = await connectWebSocket(port);
    const silent = await connectWebSocket(port, { answersPings: false });
    await silent.closed;
    await told.when(({ type }) => type === 'closed');
    expect(endpoint.connections).toBe(1);
    peer.socket.send(requestText({ via }));
    await peer.frame((frame) => frame.text.startsWith(ok));
  });

  it('a peer that does not read is cut off', async () => {
    const { port, request, closed } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }));
    const { flow } = await request('OPTIONS');
    peer.socket.pause();
    const message = { ...createRequest(), body: new Uint8Array(60_000) };
    const flood = async (): Promise<void> => {
      for (let sent = 0; sent < 1_000; sent += 1) await flow.send(message);
    };
    await expect(flood()).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
    expect(await closed()).toBe(flow);
  });

  it('a peer that answers pings and never brings a message is cut off, one that has brought one is not', async () => {
    const { port, endpoint, closed, endReason } = await listen({ messageTimeoutMs: 500, pingIntervalMs: 50 });
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }));
    await peer.frame((frame) => frame.text.startsWith(ok));
    const silent = await connectWebSocket(port);
    await silent.closed;
    await closed();
    expect([await endReason(), endpoint.connections]).toEqual(['message overdue', 1]);
  });

  it('a close after the end leaves no timer', async () => {
    const { port, closed } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.close();
    const flow = await closed();
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    flow.close();
    expect(setTimer).not.toHaveBeenCalled();
    setTimer.mockRestore();
  });

  it('a close that a peer does not answer ends all the same', async () => {
    const { port, request, closed } = await listen();
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }));
    const { flow } = await request('OPTIONS');
    peer.socket.pause();
    flow.close(1008);
    expect(await closed()).toBe(flow);
  });

  it('connections that never finish the handshake or the upgrade are closed, others are served', async () => {
    const { port } = await listen({ handshakeTimeoutMs: 300 });
    const silent = await Promise.all(Array.from({ length: 30 }, () => connectPlain(port)));
    const secured = await connectSecure(port, { ca: one.ca, servername: 'one.ims.example' });
    secured.write('GET / HTTP/1.1\r\nHost:');
    const peer = await connectWebSocket(port);
    peer.socket.send(requestText({ via }));
    await peer.frame((frame) => frame.text.startsWith(ok));
    await Promise.all([...silent.map(({ closed }) => closed), secured.closed]);
  });
});

import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain } from './testing/raw-peer.ts';
import { startEndpoint, type TestEndpoint, type TestEndpointOptions } from './testing/test-endpoint.ts';

async function listen(options: TestEndpointOptions = {}): Promise<TestEndpoint & { port: number }> {
  const test = startEndpoint(options);
  return { ...test, ...(await test.endpoint.listenTcp({ name: 'tcp', host: '127.0.0.1', port: 0 })) };
}

const ok = 'SIP/2.0 200 OK\r\n';

describe('[RFC 3261 18.3] messages of a TCP connection', () => {
  it('[RFC 3261 18.2.2] are answered on it', async () => {
    const { port, request } = await listen();
    const peer = await connectPlain(port);
    peer.write(requestText({ via: 'SIP/2.0/TCP pc.example;branch=z9hG4bK1' }));
    const text = await peer.receive('\r\n\r\n');
    expect(text.startsWith(ok)).toBe(true);
    expect(text).toContain('Via: SIP/2.0/TCP pc.example;branch=z9hG4bK1;received=127.0.0.1\r\n');
    const { flow } = await request('OPTIONS');
    expect(flow).toMatchObject({ transport: 'TCP', reliable: true, sentBy: 'tcp.test.example', listener: 'tcp' });
    expect(flow.peer).toEqual({
      address: '127.0.0.1',
      port: peer.socket.localPort,
      certificateNames: [],
      tlsSession: undefined,
    });
  });

  it('[RFC 3261 18.3] may come in pieces', async () => {
    const { port } = await listen();
    const peer = await connectPlain(port);
    for (const octet of Buffer.from(requestText({ body: 'some body' }))) peer.write(Buffer.of(octet));
    expect(await peer.receive('\r\n\r\n')).toContain(ok);
  });

  it('[RFC 3261 18.3] may come several at a time, with empty lines between', async () => {
    const { port } = await listen();
    const peer = await connectPlain(port);
    const texts = [1, 2, 3].map((number) => requestText({ branch: `z9hG4bK${number}`, body: 'b'.repeat(number) }));
    peer.write(`\r\n${texts.join('\r\n')}`);
    await peer.receiveTimes(ok, 3);
  });

  it('[RFC 5626 4.4.1] a double CRLF is answered with one', async () => {
    const { port } = await listen();
    const peer = await connectPlain(port);
    peer.write('\r\n\r\n');
    expect(await peer.receive('\r\n')).toBe('\r\n');
  });

  it.each([
    ['no Content-Length', requestText().replace('Content-Length: 0\r\n', ''), 'ERR_SIP_HEADER_MISSING'],
    ['noise', `${'\x00\xff'.repeat(50)}\r\n\r\n`, 'ERR_SIP_MESSAGE_MALFORMED'],
    ['a head of more than 64 KiB', `OPTIONS sip:a SIP/2.0\r\nA: ${'a'.repeat(70_000)}`, 'ERR_SIP_MESSAGE_TOO_LARGE'],
    ['a body of more than 64 KiB', requestText().replace('Length: 0', 'Length: 65536'), 'ERR_SIP_MESSAGE_TOO_LARGE'],
    ['another version', requestText().replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), 'ERR_SIP_VERSION_NOT_SUPPORTED'],
  ])('[RFC 3261 18.3] %s leaves no border: the connection is closed', async (_name, text, code) => {
    const { port, fault, closed, endReason } = await listen();
    const [peer, other] = [await connectPlain(port), await connectPlain(port)];
    peer.write(text);
    await fault(code);
    await peer.closed;
    await closed();
    expect(await endReason()).toBe('framing lost');
    other.write(requestText());
    await other.receive(ok);
  });

  it('[RFC 3261 16.3-1] a broken request between borders is answered, and the connection goes on', async () => {
    const { port, fault } = await listen();
    const peer = await connectPlain(port);
    peer.write(requestText().replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE'));
    expect(await peer.receive('\r\n\r\n')).toContain('SIP/2.0 400 Malformed CSeq');
    await fault('ERR_SIP_HEADER_MALFORMED');
    peer.write(requestText());
    await peer.receive(ok);
  });
});

describe('[RFC 3261 8.2.7] a request that ends its connection is answered first', () => {
  it.each([
    ['400', requestText().replace('Content-Length: 0\r\n', ''), 'ERR_SIP_HEADER_MISSING'],
    ['400', requestText().replace('Call-ID', 'Call ID'), 'ERR_SIP_MESSAGE_MALFORMED'],
    ['505', requestText().replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), 'ERR_SIP_VERSION_NOT_SUPPORTED'],
    ['513', requestText().replace('Length: 0', 'Length: 65536'), 'ERR_SIP_MESSAGE_TOO_LARGE'],
  ])('with %s', async (status, text, code) => {
    const { port, fault, told } = await listen();
    const peer = await connectPlain(port);
    // What follows has no border any more, and is not acted on.
    peer.write(text + requestText({ branch: 'z9hG4bKafter' }));
    await peer.closed;
    expect(peer.text).toContain(`SIP/2.0 ${status} `);
    expect(peer.text).toContain('Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKtest\r\n');
    expect(peer.text.split('SIP/2.0 ')).toHaveLength(2);
    await fault(code);
    expect(told.all.filter(({ type }) => type === 'request')).toEqual([]);
  });

  it('though its head began in an earlier chunk', async () => {
    const { port } = await listen();
    const peer = await connectPlain(port);
    const text = requestText().replace('Content-Length: 0\r\n', '');
    for (const octet of Buffer.from(text)) peer.write(Buffer.of(octet));
    await peer.closed;
    expect(peer.text).toContain('SIP/2.0 400 ');
  });

  it('though it stands behind a whole one', async () => {
    const { port } = await listen();
    const peer = await connectPlain(port);
    const broken = requestText({ branch: 'z9hG4bKbroken' }).replace('SIP/2.0\r\n', 'SIP/3.0\r\n');
    peer.write(requestText({ branch: 'z9hG4bKwhole' }) + broken);
    await peer.closed;
    expect(peer.text).toMatch(/^SIP\/2\.0 200 OK\r\nVia: [^\r]*z9hG4bKwhole/u);
    expect(peer.text).toMatch(/SIP\/2\.0 505 [^\r]*\r\nVia: [^\r]*z9hG4bKbroken/u);
  });

  it.each([
    ['an ACK', requestText({ method: 'ACK' }).replace('SIP/2.0\r\n', 'SIP/3.0\r\n')],
    ['a response', 'SIP/3.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nCSeq: 1 OPTIONS\r\n\r\n'],
    ['noise', `${'\x00\xff'.repeat(50)}\r\n\r\n`],
  ])('%s is not', async (_name, text) => {
    const { port, told } = await listen();
    const peer = await connectPlain(port);
    peer.write(text);
    await peer.closed;
    expect(peer.text).toBe('');
    expect(told.all.filter(({ type }) => type === 'fault')).toHaveLength(1);
  });
});

describe('[RFC 5626 4.4.1] keep-alive of a connection opened here', () => {
  it('pings, and stays while pongs come', async () => {
    const { port, closed } = await listen();
    const client = startEndpoint();
    const flow = await client.endpoint.connectTcp({ host: '127.0.0.1', port, keepAliveMs: 50 });
    // The far end closes what brings no message in time; pings and pongs are as good as one.
    let isClosed = false;
    void closed().then(() => (isClosed = true));
    const silent = await connectSilent(() => {});
    const other = await client.endpoint.connectTcp({ host: '127.0.0.1', port: silent.port, keepAliveMs: 50 });
    await client.told.when((told) => told.type === 'closed' && told.flow === other);
    expect([flow.isOpen, other.isOpen, isClosed]).toEqual([true, false, false]);
  });

  it('ends a connection whose peer sends no pong', async () => {
    const received: string[] = [];
    const silent = await connectSilent((text) => received.push(text));
    const client = startEndpoint();
    await client.endpoint.connectTcp({ host: '127.0.0.1', port: silent.port, keepAliveMs: 50 });
    expect(await client.endReason()).toBe('silent');
    expect(received.join('')).toMatch(/^(?:\r\n\r\n)+$/u);
  });
});

/** A server that takes connections and says nothing. */
async function connectSilent(onText: (text: string) => void): Promise<{ readonly port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => onText(String(chunk)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0 };
}

describe('a connection that comes to its end', () => {
  it('[RFC 3261 17.1.4] fails the client transactions on it', async () => {
    const { endpoint, port, request, closed } = await listen();
    const peer = await connectPlain(port);
    peer.write(requestText());
    const { flow } = await request('OPTIONS');
    const failed = new Promise((resolve) => endpoint.layer.request(createRequest(), flow, resolve));
    await peer.receive('OPTIONS sip:test@ims.example');
    peer.socket.destroy();
    expect(await failed).toMatchObject({ type: 'transport error', error: { code: 'ERR_SIP_TRANSPORT_FAILED' } });
    expect(await closed()).toBe(flow);
    expect(endpoint.layer.size).toBe(0);
    expect(endpoint.connections).toBe(0);
    expect(flow.isOpen).toBe(false);
    await expect(flow.send(createRequest())).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED' });
  });

  it('[RFC 3261 17.2.4] tells the user whose answer finds nobody', async () => {
    const { port, request, told } = await listen({ answer: () => {} });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await request('OPTIONS');
    peer.socket.destroy();
    await told.when(({ type }) => type === 'server event');
  });

  it('is closed by us only when what was sent has left, and acts on nothing more', async () => {
    const { endpoint, port, request, told } = await listen();
    const peer = await connectPlain(port);
    peer.write(requestText({ branch: 'z9hG4bK1' }));
    const { flow } = await request('OPTIONS');
    peer.socket.pause();
    for (let sent = 0; sent < 6; sent += 1) void flow.send({ ...createRequest(), body: new Uint8Array(100_000) });
    flow.close();
    expect(flow.isOpen).toBe(false);
    peer.write(requestText({ branch: 'z9hG4bK2' }));
    peer.socket.resume();
    await peer.closed;
    expect(peer.text.length).toBeGreaterThan(500_000);
    await told.when(({ type }) => type === 'closed');
    expect(told.all.filter(({ type }) => type === 'request')).toHaveLength(1);
    expect(endpoint.connections).toBe(0);
  });
});

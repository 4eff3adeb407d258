import { describe, expect, it } from 'vitest';
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
    const { port, fault, closed } = await listen();
    const [peer, other] = [await connectPlain(port), await connectPlain(port)];
    peer.write(text);
    await fault(code);
    await peer.closed;
    await closed();
    other.write(requestText());
    await other.receive(ok);
  });

  it('[RFC 3261 16.3-1] a broken request between borders is answered, and the connection goes on', async () => {
    const { port, fault } = await listen();
    const peer = await connectPlain(port);
    peer.write(requestText().replace('CSeq: 1 OPTIONS', 'CSeq: 1 INVITE'));
    expect(await peer.receive('\r\n\r\n')).toContain('SIP/2.0 400 CSeq: expected the method of the request');
    await fault('ERR_SIP_HEADER_MALFORMED');
    peer.write(requestText());
    await peer.receive(ok);
  });
});

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

describe('a connection that only costs', () => {
  it('is closed when no message ever comes', async () => {
    const { port } = await listen({ messageTimeoutMs: 50 });
    const peer = await connectPlain(port);
    await peer.closed;
  });

  it('is closed when a message is begun and never ends, however often octets come', async () => {
    const { port, closed } = await listen({ messageTimeoutMs: 200 });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await peer.receive(ok);
    const drip = setInterval(() => peer.write('X'), 20);
    await peer.closed;
    clearInterval(drip);
    await closed();
  });

  it('stays when whole messages come, however far apart', async () => {
    const { port, told, closed } = await listen({ messageTimeoutMs: 50 });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await peer.receive(ok);
    const idle = await connectPlain(port);
    await Promise.all([idle.closed, closed()]);
    expect(told.all.filter(({ type }) => type === 'closed')).toHaveLength(1);
    peer.write(requestText({ branch: 'z9hG4bK2' }));
    await peer.receiveTimes(ok, 2);
  });

  it('is cut off when its peer does not read', async () => {
    const { port, request, closed } = await listen();
    const peer = await connectPlain(port);
    peer.socket.pause();
    peer.write(requestText());
    const { flow } = await request('OPTIONS');
    const message = { ...createRequest(), body: new Uint8Array(60_000) };
    let sent = 0;
    await expect(
      (async () => {
        for (; sent < 1_000; sent += 1) await flow.send(message);
      })(),
    ).rejects.toMatchObject({ code: 'ERR_SIP_TRANSPORT_FAILED', statusCode: 503 });
    expect(await closed()).toBe(flow);
  });

  it('is cut off when it pings and does not read', async () => {
    const { port, closed } = await listen();
    const peer = await connectPlain(port);
    peer.socket.pause();
    const pings = Buffer.from('\r\n\r\n'.repeat(20_000));
    const flood = setInterval(() => peer.socket.writableLength === 0 && peer.write(pings), 1);
    await closed();
    clearInterval(flood);
  });

  it('is not taken where there are as many as there may be', async () => {
    const { port, endpoint } = await listen({ maxConnections: 2 });
    const peers = [await connectPlain(port), await connectPlain(port)];
    for (const peer of peers) {
      peer.write(requestText());
      await peer.receive(ok);
    }
    const third = await connectPlain(port);
    await third.closed;
    expect(endpoint.connections).toBe(2);
  });
});

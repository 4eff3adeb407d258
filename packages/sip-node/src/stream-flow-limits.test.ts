import { describe, expect, it, vi } from 'vitest';
import { createRequest, requestText } from './testing/messages.ts';
import { connectPlain } from './testing/raw-peer.ts';
import { startEndpoint, type TestEndpoint, type TestEndpointOptions } from './testing/test-endpoint.ts';

async function listen(options: TestEndpointOptions = {}): Promise<TestEndpoint & { port: number }> {
  const test = startEndpoint(options);
  return { ...test, ...(await test.endpoint.listenTcp({ name: 'tcp', host: '127.0.0.1', port: 0 })) };
}

const ok = 'SIP/2.0 200 OK\r\n';

describe('a connection that only costs', () => {
  it('is closed when no message ever comes', async () => {
    const { port, endReason } = await listen({ messageTimeoutMs: 50 });
    const peer = await connectPlain(port);
    await peer.closed;
    expect(await endReason()).toBe('message overdue');
  });

  it('is closed when a message is begun and never ends, however often octets come', async () => {
    const { port, closed, endReason } = await listen({ messageTimeoutMs: 200 });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await peer.receive(ok);
    const drip = setInterval(() => peer.write('X'), 20);
    await peer.closed;
    clearInterval(drip);
    await closed();
    expect(await endReason()).toBe('message overdue');
  });

  it('is closed when a part is left behind a whole message and never ends', async () => {
    const { port, endReason } = await listen({ messageTimeoutMs: 100 });
    const peer = await connectPlain(port);
    peer.write(`${requestText()}${requestText({ branch: 'z9hG4bK2' }).slice(0, 50)}`);
    await peer.receive(ok);
    await peer.closed;
    expect(await endReason()).toBe('message overdue');
  });

  it('leaves no timer when it is closed once more', async () => {
    const { port, closed } = await listen();
    const peer = await connectPlain(port);
    peer.socket.destroy();
    const flow = await closed();
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    flow.close();
    expect(setTimer).not.toHaveBeenCalled();
    setTimer.mockRestore();
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

  it('is closed when nothing moves on it', async () => {
    const { port, endReason } = await listen({ idleTimeoutMs: 50 });
    const peer = await connectPlain(port);
    peer.write(requestText());
    await peer.receive(ok);
    await peer.closed;
    expect(await endReason()).toBe('idle');
  });

  it('is cut off when its peer does not read', async () => {
    const { port, request, closed, endReason } = await listen();
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
    expect(await endReason()).toBe('does not read');
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

  it('is not taken beyond what one address may hold, until one of them has ended', async () => {
    const { port, endpoint, closed } = await listen({ maxConnectionsPerAddress: 1 });
    const first = await connectPlain(port);
    first.write(requestText());
    await first.receive(ok);
    const second = await connectPlain(port);
    await second.closed;
    expect(endpoint.connections).toBe(1);
    first.socket.destroy();
    await closed();
    const third = await connectPlain(port);
    third.write(requestText());
    await third.receive(ok);
  });
});

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openWire, type ServerAddress } from './wire.ts';

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(() => {
  vi.useRealTimers();
  server?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
});

describe('The way over a stream', () => {
  it('tells that the connection is over, when the server resets it too', async () => {
    const wire = await openWire('TCP', await listen((socket) => socket.once('data', () => socket.resetAndDestroy())));
    wire.send(Buffer.from('anything'));
    await expect(wire.ended).resolves.toBeDefined();
  });

  it('is not waited for longer than 5 s: a TLS server that says nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const opened = openWire('TLS', await listen(() => vi.advanceTimersByTime(5_000)));
    await expect(opened).rejects.toMatchObject({ code: 'ERR_TURN_CLIENT_NOTHING_ARRIVED' });
  });
});

async function listen(onConnection: (socket: Socket) => void): Promise<ServerAddress> {
  server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
}

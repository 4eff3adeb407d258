import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followConnections } from './connections.ts';
import { listen } from './listen.ts';

describe('followConnections', () => {
  let server: Server;
  let endAll: () => void;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    server = createServer();
    endAll = followConnections(server, { total: 5, perAddress: 2 });
    server.on('connection', (socket) => socket.write('hello'));
    await listen(server, { host: '127.0.0.1', port: 0, setting: 'PORT' });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Whether the listener greets. */
  async function open(localAddress: string): Promise<boolean> {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    sockets.push(socket);
    const greeted = once(socket, 'data').then(() => true);
    const ended = once(socket, 'close').then(() => false);
    return Promise.race([greeted, ended]).catch(() => false);
  }

  it('[operation] one address has so many connections and no more; others have theirs', async () => {
    expect([await open('127.0.0.1'), await open('127.0.0.1')]).toEqual([true, true]);
    expect(await open('127.0.0.1')).toBe(false);
    expect(await open('127.0.0.2')).toBe(true);
  });

  it('[operation] a connection that ended makes room for another', async () => {
    await open('127.0.0.1');
    await open('127.0.0.1');
    sockets[0]?.destroy();
    await expect.poll(() => open('127.0.0.1')).toBe(true);
  });

  it('[operation] no more than the total, whoever asks', async () => {
    for (const address of ['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2', '127.0.0.3']) await open(address);
    expect(await open('127.0.0.4')).toBe(false);
  });

  it('[operation] all are ended at once', async () => {
    await open('127.0.0.1');
    await open('127.0.0.2');
    const closed = sockets.map((socket) => once(socket, 'close'));
    endAll();
    await Promise.all(closed);
  });
});

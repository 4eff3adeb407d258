/**
 * Ports for programs that cannot be told to take any free one.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const host = '127.0.0.1';
const maxTries = 20;

/** A port of 127.0.0.1 that is free for UDP and TCP; the next moment it may be somebody else's. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const isFree = await isFreeForDatagrams(port);
    server.close();
    await once(server, 'close');
    if (isFree) return port;
  }
  throw new Error('expected a free port');
}

/** Whether somebody listens on `port`, as Linux tells it. */
export function isTaken(protocol: 'udp' | 'tcp', port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].some((table) => {
    const rows = readFileSync(table, 'utf8').split('\n').slice(1);
    return rows.some((row) => {
      const [, local = '', , state] = row.trim().split(/\s+/u);
      return local.endsWith(wanted) && (protocol === 'udp' || state === '0A');
    });
  });
}

async function isFreeForDatagrams(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/**
 * A UDP port of 127.0.0.1 for an engine.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Free a moment ago; the operating system gives others before this one again. */
export async function findFreePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind({ address: '127.0.0.1', port: 0, exclusive: true });
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

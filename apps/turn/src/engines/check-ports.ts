/**
 * Whether ports are free, asked before another program opens them: some share them silently with who is there.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type ListenAddress, listen, listenAt } from '@wicgate/node-kit';

/** @throws {AddressInUse} */
export async function checkTcpPort(address: ListenAddress): Promise<void> {
  const server = createServer();
  await listen(server, address);
  server.close();
  await once(server, 'close');
}

/** @throws {AddressInUse} */
export async function checkUdpPort(address: ListenAddress): Promise<void> {
  const socket = createSocket('udp4');
  await listenAt(address, async ({ host, port }) => {
    socket.bind({ address: host, port });
    await once(socket, 'listening');
  });
  socket.close();
  await once(socket, 'close');
}

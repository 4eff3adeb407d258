/**
 * A client's socket with room for what comes while this process is busy making mutants.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Inbox, type ServerAddress, type Wire } from '@wicgate/turn-client';

const bufferOctets = 4_194_304;

export async function openWideWire({ host, port }: ServerAddress): Promise<Wire> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: bufferOctets });
  const inbox = new Inbox<Buffer>();
  socket.on('message', (octets) => inbox.put(octets));
  socket.connect(port, host);
  await once(socket, 'connect');
  return {
    inbox,
    ended: new Promise(() => undefined),
    localPort: socket.address().port,
    send: (octets) => socket.send(octets),
    pause: () => undefined,
    close: () => socket.close(),
  };
}

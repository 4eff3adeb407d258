/**
 * A client's socket with room for what comes while this process is busy making mutants.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { Inbox, type ServerAddress, type Wire } from '@wicgate/turn-client';

const bufferOctets = 4_194_304;

export interface WideWire extends Wire {
  /** Its own, on 127.0.0.1. */
  readonly port: number;
}

export async function openWideWire({ host, port }: ServerAddress): Promise<WideWire> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: bufferOctets });
  const inbox = new Inbox<Buffer>();
  socket.on('message', (octets) => inbox.put(octets));
  socket.connect(port, host);
  await once(socket, 'connect');
  return {
    inbox,
    port: socket.address().port,
    ended: new Promise(() => undefined),
    send: (octets) => socket.send(octets),
    pause: () => undefined,
    close: () => socket.close(),
  };
}

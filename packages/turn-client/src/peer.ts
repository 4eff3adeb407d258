/**
 * A peer of a relay: a UDP socket, on loopback unless told otherwise.
 *
 * @module
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Endpoint } from '@wicgate/stun';
import { Inbox } from './inbox.ts';

export interface Datagram {
  readonly data: string;
  readonly port: number;
}

export interface Peer {
  readonly endpoint: Endpoint;
  readonly inbox: Inbox<Datagram>;
  send(data: string | Buffer, to: Endpoint): void;
  close(): void;
}

export async function openPeer(host = '127.0.0.1'): Promise<Peer> {
  const family = isIPv6(host) ? 'IPv6' : 'IPv4';
  const socket = createSocket(family === 'IPv6' ? 'udp6' : 'udp4');
  const inbox = new Inbox<Datagram>();
  socket.on('message', (data, { port }) => inbox.put({ data: data.toString(), port }));
  socket.bind({ address: host, port: 0 });
  await once(socket, 'listening');
  return {
    endpoint: { family, address: host, port: socket.address().port },
    inbox,
    send: (data, { address, port }) => socket.send(data, port, address),
    close: () => socket.close(),
  };
}

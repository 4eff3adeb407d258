/**
 * Clients over UDP.
 *
 * @module
 */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { type ListenAddress, listenAt } from '@wicgate/node-kit';
import type { Endpoint } from '@wicgate/stun';
import type { ClientFlow } from './client-flow.ts';
import { numericLookup } from './numeric-lookup.ts';

/** What may wait in the socket before media is dropped, and before responses are. */
const maxQueuedMediaOctets = 1_048_576;
const maxQueuedOctets = 2_097_152;

export interface UdpListener {
  readonly port: number;
  close(): Promise<void>;
}

export interface UdpListenerSettings {
  readonly host: string;
  /** 0 lets the operating system choose. */
  readonly port: number;
  readonly onMessage: (flow: ClientFlow, octets: Buffer) => void;
  readonly onError: (error: Error) => void;
}

/** @throws {AddressInUse} */
export async function listenUdp(settings: UdpListenerSettings): Promise<UdpListener> {
  const { host, port, onMessage, onError } = settings;
  const socket = await listenAt({ host, port, setting: 'TURN_PORT' }, bind);
  socket.on('error', onError);
  socket.on('message', (octets, source) => onMessage(new UdpFlow(socket, source), octets));
  return {
    port: socket.address().port,
    close: () => new Promise((closed) => socket.close(() => closed())),
  };
}

function bind({ host, port }: ListenAddress): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', lookup: numericLookup, recvBufferSize: 1_048_576 });
  return new Promise((resolve, reject) => {
    const onBindError = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', onBindError);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', onBindError);
      resolve(socket);
    });
  });
}

class UdpFlow implements ClientFlow {
  readonly transport = 'UDP';
  readonly key: string;
  readonly remote: Endpoint;
  readonly #socket: Socket;

  constructor(socket: Socket, { address, port }: RemoteInfo) {
    this.#socket = socket;
    this.key = `UDP ${address} ${port}`;
    this.remote = { family: 'IPv4', address, port };
  }

  sendResponse(octets: Buffer): void {
    if (this.#socket.getSendQueueSize() > maxQueuedOctets) return;
    this.#socket.send(octets, this.remote.port, this.remote.address);
  }

  sendMedia(octets: Buffer): boolean {
    if (this.#socket.getSendQueueSize() > maxQueuedMediaOctets) return false;
    this.#socket.send(octets, this.remote.port, this.remote.address);
    return true;
  }
}

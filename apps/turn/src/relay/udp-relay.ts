/**
 * Relayed transport addresses on UDP sockets of their own.
 *
 * @module
 */

import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint } from '@wicgate/stun';
import { RelayPortsExhausted } from '../errors.ts';
import { numericLookup } from '../listeners/numeric-lookup.ts';
import type { RelayPorts } from './relay-ports.ts';
import type { DatagramReceiver, OpenRelay, RelaySocket } from './relay-socket.ts';

/** What may wait in one socket before datagrams are dropped. */
const maxQueuedOctets = 262_144;
/** Ports that other programs hold are found out by trying. */
const maxAttempts = 64;

export function createUdpRelays(host: string, ports: RelayPorts): OpenRelay {
  return async ({ evenPort }) => {
    const refused = new Set<number>();
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const port = ports.take(evenPort, refused);
      if (port === undefined) break;
      const socket = await bind(host, port);
      if (socket !== undefined) return new UdpRelay(socket, () => ports.release(port));
      ports.release(port);
      refused.add(port);
    }
    throw new RelayPortsExhausted();
  };
}

class UdpRelay implements RelaySocket {
  readonly local: Endpoint;
  readonly #socket: Socket;
  readonly #release: () => void;
  #open = true;

  constructor(socket: Socket, release: () => void) {
    const { address, port } = socket.address();
    this.local = { family: 'IPv4', address, port };
    this.#socket = socket;
    this.#release = release;
    // An unreachable peer shows up here; to a relay it is a lost datagram.
    socket.on('error', () => undefined);
  }

  listen(receive: DatagramReceiver): void {
    this.#socket.on('message', (data, source) => receive(data, source.address, source.port));
  }

  send(data: Buffer, address: string, port: number): boolean {
    if (!this.#open || this.#socket.getSendQueueSize() > maxQueuedOctets) return false;
    this.#socket.send(data, port, address);
    return true;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close(this.#release);
  }
}

/** Undefined if the port is not to be had. */
function bind(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', lookup: numericLookup });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/**
 * Relayed transport addresses on UDP sockets of their own.
 *
 * @module
 */

import { createSocket, type Socket } from 'node:dgram';
import type { Endpoint } from '@wicgate/stun';
import { RelayPortsExhausted } from '../errors.ts';
import { numericLookup } from '../listeners/numeric-lookup.ts';
import { sourceEndpoint } from '../listeners/source-endpoint.ts';
import type { RelayPorts } from './relay-ports.ts';
import {
  type AddressFamily,
  type DatagramReceiver,
  familyOf,
  type RelayRequest,
  type RelaySocket,
} from './relay-socket.ts';

/** What may wait in one socket before datagrams are dropped. */
const maxQueuedOctets = 262_144;
/** Ports that other programs hold are found out by trying. */
const maxAttempts = 64;

/** Where the relayed transport addresses of one family are. */
export interface RelayPlace {
  readonly host: string;
  /** What clients and peers know the host by: another address where a 1:1 NAT stands before it. */
  readonly publicHost: string;
  readonly ports: RelayPorts;
  /** Hears why a socket could not be opened, unless another program holds the port. */
  readonly onFailure: (cause: Error) => void;
}

/** @throws {RelayPortsExhausted} */
export async function openUdpRelay(place: RelayPlace, wanted: RelayRequest['port']): Promise<RelaySocket> {
  const refused = new Set<number>();
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const port = place.ports.take(wanted, refused);
    if (port === undefined) break;
    const socket = await bind(place.host, port);
    const release = (): void => place.ports.release(port);
    if (!(socket instanceof Error)) return new UdpRelay(socket, sourceEndpoint(place.publicHost, port), release);
    release();
    if (!('code' in socket) || socket.code !== 'EADDRINUSE') place.onFailure(socket);
    refused.add(port);
  }
  throw new RelayPortsExhausted();
}

class UdpRelay implements RelaySocket {
  readonly local: Endpoint;
  readonly locals: readonly Endpoint[];
  readonly #socket: Socket;
  readonly #release: () => void;
  #open = true;

  constructor(socket: Socket, local: Endpoint, release: () => void) {
    this.local = local;
    this.locals = [local];
    this.#socket = socket;
    this.#release = release;
    // An unreachable peer shows up here; to a relay it is a lost datagram.
    socket.on('error', () => undefined);
  }

  serves(family: AddressFamily): boolean {
    return family === this.local.family;
  }

  listen(receive: DatagramReceiver): void {
    if (this.local.family === 'IPv4') {
      this.#socket.on('message', (data, { address, port }) => receive(data, address, port));
      return;
    }
    // One peer sends many datagrams in a row: its address is rewritten once.
    let told = '';
    let peer = '';
    this.#socket.on('message', (data, { address, port }) => {
      if (address !== told) {
        told = address;
        peer = sourceEndpoint(address, port).address;
      }
      receive(data, peer, port);
    });
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

/** Why, if the port is not to be had. */
function bind(host: string, port: number): Promise<Socket | Error> {
  const type = familyOf(host) === 'IPv6' ? 'udp6' : 'udp4';
  return new Promise((resolve) => {
    const socket = createSocket({ type, ipv6Only: type === 'udp6', lookup: numericLookup });
    socket.once('error', (cause) => {
      socket.close();
      resolve(cause);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/**
 * Clients over UDP.
 *
 * @module
 */

import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ClientFlow } from './client-flow.ts';
import { numericLookup } from './numeric-lookup.ts';
import { type ListenerPlace, openListener } from './open-listener.ts';
import { UdpFlows } from './udp-flows.ts';

export interface UdpListener {
  readonly port: number;
  close(): Promise<void>;
}

export interface UdpListenerSettings {
  readonly place: ListenerPlace;
  readonly onMessage: (flow: ClientFlow, octets: Buffer) => void;
  readonly onError: (error: Error) => void;
}

/** @throws {AddressInUse} @throws {ConfigInvalid} */
export async function listenUdp(settings: UdpListenerSettings): Promise<UdpListener> {
  const { place, onMessage, onError } = settings;
  const socket = await openListener(place, bind);
  const { port } = socket.address();
  socket.on('error', onError);
  const flows = new UdpFlows(socket, port);
  socket.on('message', (octets, source) => {
    const flow = flows.of(source);
    if (flow !== undefined) onMessage(flow, octets);
  });
  return {
    port,
    close: () => new Promise((closed) => socket.close(() => closed())),
  };
}

function bind({ host, port }: ListenerPlace): Promise<Socket> {
  const type = isIPv6(host) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, ipv6Only: type === 'udp6', lookup: numericLookup, recvBufferSize: 1_048_576 });
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

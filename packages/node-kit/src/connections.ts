/**
 * The connections of a listener: bounded for each address, so that one cannot keep all others out, and ended together.
 *
 * Sockets are followed one by one: a connection still in its TLS handshake is none yet to an http server.
 *
 * @module
 */
import type { Server, Socket } from 'node:net';
import { networkOf } from './network-of.ts';

export interface ConnectionLimits {
  /** Open at a time. */
  readonly total: number;
  /** Open at a time from one address (IPv6: one /64). */
  readonly perAddress: number;
}

/** Refuses what is too many, from now on; returns what ends all connections. */
export function followConnections(server: Server, { total, perAddress }: ConnectionLimits): () => void {
  server.maxConnections = total;
  const open = new Set<Socket>();
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = counts.get(network) ?? 0;
    if (count >= perAddress) {
      socket.destroy();
      return;
    }
    counts.set(network, count + 1);
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      const left = (counts.get(network) ?? 1) - 1;
      if (left === 0) counts.delete(network);
      else counts.set(network, left);
    });
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}

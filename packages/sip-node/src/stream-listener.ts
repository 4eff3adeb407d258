/**
 * TCP and TLS listeners (RFC 3261 18.2).
 *
 * @module
 */
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsIdentity } from './listen-address.ts';

export interface StreamListenerOptions {
  readonly maxConnections: number;
  /** Mutual TLS: a client without a certificate from `ca` gets no further than the handshake. */
  readonly tls?: TlsIdentity | undefined;
  readonly handshakeTimeoutMs: number;
  readonly accept: (socket: Socket) => void;
}

export function createStreamListener({
  maxConnections,
  tls,
  handshakeTimeoutMs: handshakeTimeout,
  accept,
}: StreamListenerOptions): Server {
  const mutual = { requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2', handshakeTimeout } as const;
  const server = tls === undefined ? createTcpServer(accept) : createTlsServer({ ...tls, ...mutual }, accept);
  server.maxConnections = maxConnections;
  // A failed handshake concerns its client alone.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

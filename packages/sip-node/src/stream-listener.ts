/**
 * TCP and TLS listeners (RFC 3261 18.2).
 *
 * @module
 */
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { AddressLimit } from './address-limit.ts';
import type { TlsIdentity } from './listen-address.ts';

export interface StreamListenerOptions {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly tls?: TlsIdentity | undefined;
  /** Mutual TLS: a client without a certificate from `ca` gets no further than the handshake. True unless given. */
  readonly requiresCertificate?: boolean | undefined;
  readonly handshakeTimeoutMs: number;
  readonly accept: (socket: Socket) => void;
  /** One address had too many. */
  readonly onRefused: (address: string) => void;
}

export function createStreamListener({
  maxConnections,
  maxConnectionsPerAddress,
  tls,
  requiresCertificate: rejectUnauthorized = true,
  handshakeTimeoutMs: handshakeTimeout,
  accept,
  onRefused,
}: StreamListenerOptions): Server {
  const mutual = { requestCert: true, rejectUnauthorized, minVersion: 'TLSv1.2', handshakeTimeout } as const;
  const server = tls === undefined ? createTcpServer(accept) : createTlsServer({ ...tls, ...mutual }, accept);
  server.maxConnections = maxConnections;
  limitAddresses(server, maxConnectionsPerAddress, onRefused);
  // A failed handshake concerns its client alone.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

/** Ends connections beyond `most` of one address before anything else sees to them, and tells `onRefused`. */
export function limitAddresses(server: Server, most: number, onRefused: StreamListenerOptions['onRefused']): void {
  const limit = new AddressLimit(most);
  server.prependListener('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress !== undefined && !limit.isFull(remoteAddress)) limit.hold(remoteAddress, socket);
    else {
      socket.destroy();
      // Without an address it has gone by itself.
      if (remoteAddress !== undefined) onRefused(remoteAddress);
    }
  });
}

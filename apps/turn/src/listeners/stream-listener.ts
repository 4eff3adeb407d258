/**
 * Clients over TCP and over TLS (RFC 8656 3.1, TS 33.203 W.3.5).
 *
 * @module
 */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { StreamOutOfStep, TcpFramer } from '@wicgate/stun';
import type { Clock } from '../clock.ts';
import type { ClientConnections } from './client-connections.ts';
import type { ClientFlow } from './client-flow.ts';
import { type ListenerPlace, openListener } from './open-listener.ts';
import { sourceEndpoint } from './source-endpoint.ts';
import { StreamFlow } from './stream-flow.ts';
import type { TlsCertificate } from './tls-certificate.ts';

/** How long a TLS handshake may take. */
export const handshakeMs = 10_000;

export interface StreamListener {
  readonly port: number;
  /** Takes no more connections; those that live are left to {@link ClientConnections.endAll}. */
  close(): Promise<void>;
}

export interface StreamListenerSettings {
  readonly place: ListenerPlace;
  /** Undefined listens without TLS. */
  readonly certificate: TlsCertificate | undefined;
  readonly connections: ClientConnections;
  readonly clock: Clock;
  readonly onMessage: (flow: ClientFlow, octets: Buffer) => void;
  readonly onClose: (flow: ClientFlow) => void;
  readonly onRefused: (flow: ClientFlow, error: StreamOutOfStep) => void;
  readonly onError: (error: Error) => void;
  readonly hasAllocation: (flow: ClientFlow) => boolean;
}

/** @throws {AddressInUse} @throws {ConfigInvalid} */
export async function listenStream(settings: StreamListenerSettings): Promise<StreamListener> {
  const { place, certificate, onError } = settings;
  const server = certificate === undefined ? createPlainServer(settings) : createSecureServer(settings, certificate);
  await openListener(place, ({ host, port }) => open(server, host, port));
  server.on('error', onError);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : place.port,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

function open(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function createPlainServer(settings: StreamListenerSettings): Server {
  return createServer({ noDelay: true }, (socket) => {
    if (follow(socket, settings)) accept(socket, 'TCP', settings);
  });
}

/** A connection that does not end its handshake in time is ended. */
function createSecureServer(settings: StreamListenerSettings, certificate: TlsCertificate): Server {
  const waiting = new Map<string, () => void>();
  const server = createTlsServer({ ...certificate.options, noDelay: true });
  server.on('connection', (socket: Socket) => {
    if (!follow(socket, settings)) return;
    const source = `${socket.remoteAddress} ${socket.remotePort}`;
    const stopTimer = settings.clock.after(handshakeMs, () => socket.destroy());
    const done = (): void => {
      stopTimer();
      waiting.delete(source);
    };
    waiting.set(source, done);
    socket.once('close', done);
  });
  server.on('secureConnection', (socket) => {
    waiting.get(`${socket.remoteAddress} ${socket.remotePort}`)?.();
    accept(socket, 'TLS', settings);
  });
  server.on('tlsClientError', (_cause, socket) => socket.destroy());
  certificate.follow(server);
  server.once('close', () => {
    certificate.unfollow(server);
    for (const done of waiting.values()) done();
  });
  return server;
}

/** False if the connection is refused. */
function follow(socket: Socket, { connections }: StreamListenerSettings): boolean {
  socket.on('error', () => undefined);
  const isAdmitted = connections.admit(socket);
  if (!isAdmitted) socket.destroy();
  return isAdmitted;
}

function accept(socket: Socket, transport: 'TCP' | 'TLS', settings: StreamListenerSettings): void {
  const { connections, clock, hasAllocation } = settings;
  const { remoteAddress, remotePort } = socket;
  socket.on('error', () => undefined);
  if (remoteAddress === undefined || remotePort === undefined) {
    socket.destroy();
    return;
  }
  const remote = sourceEndpoint(remoteAddress, remotePort);
  const flow = new StreamFlow({ transport, socket, remote, serial: connections.nextSerial(), clock, hasAllocation });
  connections.add(flow);
  socket.on('close', () => {
    flow.forget();
    connections.remove(flow);
    settings.onClose(flow);
  });
  readFrames(socket, flow, settings);
  flow.watch();
}

function readFrames(socket: Socket, flow: StreamFlow, { onMessage, onRefused }: StreamListenerSettings): void {
  const framer = new TcpFramer();
  socket.on('data', (chunk: Buffer) => {
    try {
      framer.push(chunk, (frame) => onMessage(flow, frame));
    } catch (error) {
      if (!(error instanceof StreamOutOfStep)) throw error;
      onRefused(flow, error);
      flow.end();
    }
  });
}

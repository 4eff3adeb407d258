/**
 * The WebSocket listener (RFC 7118, RFC 6455 4.2): decides about an upgrade before it is granted.
 *
 * @module
 */

import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';

/** Why an upgrade was refused. */
export type WebSocketRefusal = 'origin' | 'subprotocol' | 'capacity';

export interface WebSocketListenerOptions {
  readonly tls: { readonly cert: Buffer; readonly key: Buffer };
  /** Whether a page of this origin may open a connection (TS 33.203 X.3.1 REQ 2.6). A missing Origin is refused. */
  readonly isTrustedOrigin: (origin: string) => boolean;
  /** How many connections one address may hold; all of a lab come from one. */
  readonly maxConnectionsPerAddress?: number | undefined;
  readonly onRefused?: ((reason: WebSocketRefusal) => void) | undefined;
}

interface Acceptance {
  readonly maxConnections: number;
  /** For the TLS handshake, and again for the upgrade request. */
  readonly handshakeTimeoutMs: number;
  readonly accept: (socket: WebSocket, tls: TLSSocket) => void;
}

/** Frames, and messages of several frames, longer than this close the connection with 1009. */
export const maxFrameOctets = 65_536;
/** Connections that have not become WebSockets, beyond the WebSockets themselves. */
const maxUnderWay = 1_000;
const subprotocol = 'sip';

const refusals: Readonly<Record<WebSocketRefusal, string>> = {
  origin: '403 Forbidden',
  subprotocol: '400 Bad Request',
  capacity: '503 Service Unavailable',
};

export function createWebSocketListener(options: WebSocketListenerOptions, acceptance: Acceptance): Server {
  const { maxConnections, accept } = acceptance;
  const server = createHttpsServer(options, acceptance);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxFrameOctets,
    maxFragments: 64,
    handleProtocols: () => subprotocol,
  });
  const perAddress = new Map<string, number>();
  const isFull = (address: string): boolean =>
    sockets.clients.size >= maxConnections ||
    (perAddress.get(address) ?? 0) >= (options.maxConnectionsPerAddress ?? Infinity);

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const address = request.socket.remoteAddress;
    if (address === undefined) {
      // Gone already.
      socket.destroy();
      return;
    }
    const refusal = judge(request, options) ?? (isFull(address) ? 'capacity' : undefined);
    if (refusal !== undefined) {
      options.onRefused?.(refusal);
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
      webSocket.on('close', () => release(perAddress, address));
      accept(webSocket, request.socket as TLSSocket);
    });
  });
  return server;
}

function createHttpsServer({ tls }: WebSocketListenerOptions, acceptance: Acceptance): Server {
  const { handshakeTimeoutMs, maxConnections } = acceptance;
  const server = createServer(
    {
      ...tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshakeTimeoutMs,
      headersTimeout: handshakeTimeoutMs,
      requestTimeout: handshakeTimeoutMs,
      connectionsCheckingInterval: Math.ceil(handshakeTimeoutMs / 2),
    },
    (_request, response) =>
      response
        .writeHead(426, { 'upgrade': 'websocket', 'connection': 'close', 'content-type': 'text/plain' })
        .end('expected a WebSocket upgrade with subprotocol sip (RFC 7118)\n'),
  );
  server.maxConnections = maxConnections + maxUnderWay;
  // A failed handshake concerns its client alone.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return server;
}

function judge(request: IncomingMessage, { isTrustedOrigin }: WebSocketListenerOptions): WebSocketRefusal | undefined {
  const { origin } = request.headers;
  if (origin === undefined || !isTrustedOrigin(origin)) return 'origin';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  return offered.includes(subprotocol) ? undefined : 'subprotocol';
}

/** HTTP no longer watches over the connection: it must not stay half open. */
function refuse(socket: Duplex, refusal: WebSocketRefusal): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusals[refusal]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function release(perAddress: Map<string, number>, address: string): void {
  const left = (perAddress.get(address) ?? 1) - 1;
  if (left > 0) perAddress.set(address, left);
  else perAddress.delete(address);
}

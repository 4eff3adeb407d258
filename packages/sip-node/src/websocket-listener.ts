/**
 * The WebSocket listener (RFC 7118, RFC 6455 4.2): decides about an upgrade before it is granted.
 *
 * @module
 */
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { AddressLimit } from './address-limit.ts';
import { guardReport } from './guard-user.ts';
import { limitAddresses } from './stream-listener.ts';

/** Why an upgrade was refused. */
export type WebSocketRefusal = 'origin' | 'subprotocol' | 'capacity';

export interface WebSocketListenerOptions {
  /** Undefined is `ws:`: for a proxy in front that ends TLS, and for tests. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /**
   * Whether a page of this origin may open a connection (TS 33.203 X.3.1 REQ 2.6). A missing Origin is refused, and one
   * on which this throws.
   */
  readonly isTrustedOrigin: (origin: string) => boolean;
  /** How many connections one address may hold; as many as at other listeners of the endpoint unless given. */
  readonly maxConnectionsPerAddress?: number | undefined;
  readonly onRefused?: ((reason: WebSocketRefusal) => void) | undefined;
}

interface Acceptance {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** For the TLS handshake, and again for the upgrade request. */
  readonly handshakeTimeoutMs: number;
  readonly accept: (socket: WebSocket, stream: Socket) => void;
  /** One address had too many connections even before their upgrade. */
  readonly onCrowded: (address: string) => void;
}

/** Frames, and messages of several frames, longer than this close the connection with 1009. */
export const maxFrameOctets = 65_536;
/** Connections that have not become WebSockets, beyond the WebSockets themselves. */
const maxUnderWay = 1_000;
/** The same for one address. */
const maxUnderWayOfOne = 100;
/** Of one message. */
export const maxFragments = 64;
const subprotocol = 'sip';

const refusals: Readonly<Record<WebSocketRefusal, string>> = {
  origin: '403 Forbidden',
  subprotocol: '400 Bad Request',
  capacity: '503 Service Unavailable',
};

export function createWebSocketListener(options: WebSocketListenerOptions, acceptance: Acceptance): Server {
  const { maxConnections, maxConnectionsPerAddress, accept } = acceptance;
  const server = createHttpServer(options, acceptance);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxFrameOctets,
    maxFragments,
    handleProtocols: () => subprotocol,
  });
  const limit = new AddressLimit(maxConnectionsPerAddress);
  const isFull = (address: string): boolean => sockets.clients.size >= maxConnections || limit.isFull(address);
  limitAddresses(server, maxConnectionsPerAddress + maxUnderWayOfOne, acceptance.onCrowded);

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
      guardReport(() => options.onRefused?.(refusal));
      refuse(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      limit.hold(address, webSocket);
      accept(webSocket, request.socket);
    });
  });
  return server;
}

function createHttpServer({ tls }: WebSocketListenerOptions, acceptance: Acceptance): Server {
  const { handshakeTimeoutMs, maxConnections } = acceptance;
  const timeouts = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: handshakeTimeoutMs,
    connectionsCheckingInterval: Math.ceil(handshakeTimeoutMs / 2),
  };
  const secured = { ...tls, ...timeouts, minVersion: 'TLSv1.2', handshakeTimeout: handshakeTimeoutMs } as const;
  const server = tls === undefined ? createPlainServer(timeouts, decline) : createSecureServer(secured, decline);
  server.maxConnections = maxConnections + maxUnderWay;
  // A failed handshake concerns its client alone.
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  return server;
}

function decline(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(426, { 'upgrade': 'websocket', 'connection': 'close', 'content-type': 'text/plain' })
    .end('expected a WebSocket upgrade with subprotocol sip (RFC 7118)\n');
}

function judge(request: IncomingMessage, { isTrustedOrigin }: WebSocketListenerOptions): WebSocketRefusal | undefined {
  const { origin } = request.headers;
  if (origin === undefined || !isTrusted(origin, isTrustedOrigin)) return 'origin';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  return offered.includes(subprotocol) ? undefined : 'subprotocol';
}

/** An origin may be any text: a program that fails on one has not trusted it. */
function isTrusted(origin: string, isTrustedOrigin: (origin: string) => boolean): boolean {
  let isTrustedHere = false;
  guardReport(() => {
    isTrustedHere = isTrustedOrigin(origin);
  });
  return isTrustedHere;
}

/** HTTP no longer watches over the connection: it must not stay half open. */
function refuse(socket: Duplex, refusal: WebSocketRefusal): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusals[refusal]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

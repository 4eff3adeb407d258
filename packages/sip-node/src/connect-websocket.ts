/**
 * Opens a WebSocket connection (RFC 7118 4, RFC 6455 4.1), as a user agent in Node does.
 *
 * @module
 */
import { isIP, type Socket } from 'node:net';
import { TransportFailed } from '@wicgate/sip';
import { WebSocket } from 'ws';
import type { TlsTrust } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';
import { maxFragments, maxFrameOctets } from './websocket-listener.ts';

export interface WebSocketDestination {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** Whom the server is proved by; Node's own authorities unless given. */
  readonly tls?: TlsTrust | undefined;
  /** The name that the server's certificate must carry; the host of the URL unless given. */
  readonly serverName?: string | undefined;
  /** What a browser would send by itself. */
  readonly origin?: string | undefined;
  /** How often we ping, in milliseconds; 30,000 unless given. */
  readonly pingIntervalMs?: number | undefined;
}

export interface WebSocketConnecting {
  readonly connectTimeoutMs: number;
  readonly track: (socket: Socket) => void;
  readonly accept: (socket: WebSocket, stream: Socket) => NodeFlow;
}

/**
 * `forget` is called when the connection, made or not, has come to its end.
 *
 * @throws {TransportFailed} no connection in time, an upgrade that was refused, or not the subprotocol `sip`.
 */
export function connectWebSocket(
  { url, tls, serverName, origin }: WebSocketDestination,
  { connectTimeoutMs, track, accept }: WebSocketConnecting,
  forget: () => void,
): Promise<NodeFlow> {
  return new Promise((resolve, reject) => {
    const name = serverName ?? new URL(url).hostname;
    const socket = new WebSocket(url, ['sip'], {
      ...tls,
      ...(isIP(name) === 0 && { servername: name }),
      ...(origin !== undefined && { origin }),
      handshakeTimeout: connectTimeoutMs,
      maxPayload: maxFrameOctets,
      maxFragments,
      perMessageDeflate: false,
      followRedirects: false,
      finishRequest: (request) => {
        request.once('socket', track);
        request.end();
      },
    });
    let stream: Socket | undefined;
    let cause: Error | undefined;
    socket.on('error', (error) => {
      cause = error;
    });
    socket.once('upgrade', (response) => {
      stream = response.socket;
    });
    socket.once('open', () => {
      if (stream !== undefined) resolve(accept(socket, stream));
    });
    socket.once('close', () => {
      forget();
      // Without effect where it was connected.
      reject(new TransportFailed('no WebSocket connection', { cause }));
    });
  });
}

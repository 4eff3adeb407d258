/**
 * A SIP peer that sends what it is told and shows what comes back: for bad requests over real sockets.
 *
 * @module
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

const timeoutMs = 10_000;

export interface W2Options {
  readonly origin?: string;
  readonly subprotocol?: string;
}

/** A W2 connection; rejects with the HTTP status code where the upgrade is refused. */
export async function openW2(port: number, { origin, subprotocol }: W2Options): Promise<W2Peer> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/`, subprotocol === undefined ? [] : [subprotocol], {
    rejectUnauthorized: false,
    ...(origin !== undefined && { origin }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
    socket.on('error', reject);
  });
  return new W2Peer(socket);
}

export class W2Peer {
  readonly #socket: WebSocket;
  readonly #closed: Promise<number>;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#closed = once(socket, 'close').then(([code]) => code as number);
  }

  /** The final response to `request`. */
  async exchange(request: string): Promise<string> {
    const signal = AbortSignal.timeout(timeoutMs);
    this.#socket.send(request);
    for (;;) {
      const [data] = (await once(this.#socket, 'message', { signal })) as [Buffer];
      const text = data.toString();
      if (!text.startsWith('SIP/2.0 1')) return text;
    }
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  /** The close code of the WebSocket. */
  closed(): Promise<number> {
    return this.#closed;
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** Sends one request over TCP and returns the first response. */
export async function exchangeTcp(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  const [data] = (await once(socket, 'data', { signal: AbortSignal.timeout(timeoutMs) })) as [Buffer];
  socket.destroy();
  return data.toString();
}

/** Sends one request over UDP and returns the first response. */
export async function exchangeUdp(port: number, request: string): Promise<string> {
  const socket = createSocket('udp4');
  socket.send(request, port, '127.0.0.1');
  const [data] = (await once(socket, 'message', { signal: AbortSignal.timeout(timeoutMs) })) as [Buffer];
  socket.close();
  return data.toString();
}

let requests = 0;

export interface RequestText {
  readonly method: string;
  readonly user: string;
  readonly requestUri?: string;
  readonly to?: string;
  readonly transport?: string;
  readonly headers?: readonly string[];
}

/** A request of `user` in the home domain `ims.example`, with Call-ID, tag and branch of its own. */
export function requestText(wanted: RequestText): string {
  requests += 1;
  const { method, user, requestUri = 'sip:ims.example', to = user, transport = 'WSS', headers = [] } = wanted;
  return [
    `${method} ${requestUri} SIP/2.0`,
    `Via: SIP/2.0/${transport} test${requests}.invalid;rport;branch=z9hG4bKtest${requests}`,
    'Max-Forwards: 70',
    `From: <sip:${user}@ims.example>;tag=test${requests}`,
    `To: <sip:${to}@ims.example>`,
    `Call-ID: test-${requests}-${process.pid}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${user}@test${requests}.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-4000-8000-${String(requests).padStart(12, '0')}>"`,
    ...headers,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

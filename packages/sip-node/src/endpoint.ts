/**
 * A SIP element of this process: its listeners, its connections, its transactions (RFC 3261 18).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import {
  type Clock,
  checkMessage,
  createResponse,
  isRequest,
  SipError,
  type SipMessage,
  type SipRequest,
  TransactionLayer,
  type TransactionUser,
  TransportFailed,
} from '@wicgate/sip';
import { readDatagrams } from './datagram-flow.ts';
import type { FlowEvents } from './flow-events.ts';
import type { ListenAddress, TlsIdentity } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';
import { withReceived } from './received.ts';
import { StreamFlow } from './stream-flow.ts';
import { createStreamListener } from './stream-listener.ts';
import { systemClock } from './system-clock.ts';
import { WebSocketFlow } from './websocket-flow.ts';
import { createWebSocketListener, type WebSocketListenerOptions } from './websocket-listener.ts';

export interface EndpointUser extends TransactionUser<NodeFlow> {
  onFlowClosed?(flow: NodeFlow): void;
  /** A message was dropped, or answered here with the error's status code. */
  onFault?(flow: NodeFlow, error: SipError): void;
}

export interface EndpointOptions {
  readonly user: EndpointUser;
  /** `host[:port]` for the Via of requests that leave by `transport`. */
  readonly sentBy: (transport: string) => string;
  /** Connections of one listener; 10,000 unless given. */
  readonly maxConnections?: number;
}

export interface TlsDestination {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity;
  /** The name that the peer's certificate must carry. */
  readonly serverName: string;
}

const connectTimeoutMs = 5_000;
/** The least time between tries to reach a peer is left to the caller: requests are answered 503 meanwhile. */
const drainMs = 1_000;

export class Endpoint {
  readonly layer: TransactionLayer<NodeFlow>;
  readonly clock: Clock = systemClock;
  readonly #user: EndpointUser;
  readonly #sentBy: (transport: string) => string;
  readonly #maxConnections: number;
  readonly #servers = new Set<Server>();
  readonly #datagrams = new Set<DatagramSocket>();
  readonly #flows = new Set<NodeFlow>();
  /** Connections that this endpoint opened, and those being opened, by destination (RFC 5923). */
  readonly #connected = new Map<string, Promise<NodeFlow>>();
  readonly #sockets = new Set<Socket>();

  constructor({ user, sentBy, maxConnections = 10_000 }: EndpointOptions) {
    this.#user = user;
    this.#sentBy = sentBy;
    this.#maxConnections = maxConnections;
    this.layer = new TransactionLayer<NodeFlow>({
      clock: this.clock,
      createToken: () => randomBytes(12).toString('hex'),
      user,
    });
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#flows.size;
  }

  listenTcp({ name, ...address }: ListenAddress): Promise<{ port: number }> {
    return this.#listenStream(name, address, undefined);
  }

  listenTls({ name, tls, ...address }: ListenAddress & { readonly tls: TlsIdentity }): Promise<{ port: number }> {
    return this.#listenStream(name, address, tls);
  }

  async listenUdp({ name, host, port }: ListenAddress): Promise<{ port: number }> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, resolve);
    });
    socket.removeAllListeners('error');
    socket.on('error', () => {});
    readDatagrams(socket, { listener: name, sentBy: this.#sentBy('UDP'), events: this.#events });
    this.#datagrams.add(socket);
    return { port: socket.address().port };
  }

  listenWebSocket({
    name,
    host,
    port,
    pingIntervalMs,
    ...options
  }: ListenAddress & WebSocketListenerOptions & { readonly pingIntervalMs: number }): Promise<{ port: number }> {
    const server = createWebSocketListener(options, {
      maxConnections: this.#maxConnections,
      accept: (socket, tls) => {
        const sentBy = this.#sentBy('WSS');
        this.#open(new WebSocketFlow(socket, tls, { listener: name, sentBy, pingIntervalMs, events: this.#events }));
      },
    });
    return this.#listen(server, { host, port });
  }

  /**
   * The connection to a peer; opened where there is none.
   *
   * @throws {TransportFailed} no connection within 5 s, or a certificate without `serverName`.
   */
  connectTls(destination: TlsDestination): Promise<NodeFlow> {
    const key = `${destination.host}:${destination.port} ${destination.serverName}`;
    const known = this.#connected.get(key);
    if (known !== undefined) return known;
    const opening = this.#connect(destination);
    this.#connected.set(key, opening);
    const forget = (): void => {
      if (this.#connected.get(key) === opening) this.#connected.delete(key);
    };
    opening.then((flow) => this.#onClose.set(flow, forget), forget);
    return opening;
  }

  /** Closes listeners at once and connections when what was sent has left, after 1 s at the latest. */
  async stop(): Promise<void> {
    const closed = [...this.#servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#datagrams) socket.close();
    for (const flow of this.#flows) flow.close(1_001);
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, drainMs);
    await Promise.all(closed);
    clearTimeout(cut);
  }

  readonly #onClose = new WeakMap<NodeFlow, () => void>();

  readonly #events: FlowEvents = {
    opened: (flow) => this.#open(flow),
    message: (message, flow) => this.#receive(message, flow),
    fault: (flow, error) => this.#user.onFault?.(flow, error),
    closed: (flow) => {
      this.#flows.delete(flow);
      this.#onClose.get(flow)?.();
      this.layer.flowClosed(flow, new TransportFailed('the connection was closed'));
      this.#user.onFlowClosed?.(flow);
    },
  };

  #open(flow: NodeFlow): void {
    this.#flows.add(flow);
  }

  #listenStream(
    name: string,
    address: { host: string; port: number },
    tls: TlsIdentity | undefined,
  ): Promise<{ port: number }> {
    const server = createStreamListener({
      maxConnections: this.#maxConnections,
      tls,
      accept: (socket) => {
        const sentBy = this.#sentBy(tls === undefined ? 'TCP' : 'TLS');
        this.#open(new StreamFlow(socket, { listener: name, sentBy, events: this.#events }));
      },
    });
    return this.#listen(server, address);
  }

  async #listen(server: Server, { host, port }: { host: string; port: number }): Promise<{ port: number }> {
    server.on('connection', (socket) => this.#track(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#servers.add(server);
    const bound = server.address();
    return { port: typeof bound === 'object' && bound !== null ? bound.port : port };
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #connect({ host, port, tls, serverName }: TlsDestination): Promise<NodeFlow> {
    return new Promise((resolve, reject) => {
      const socket: TLSSocket = connect({ host, port, ...tls, servername: serverName, minVersion: 'TLSv1.2' });
      this.#track(socket);
      const fail = (cause?: Error): void => {
        socket.destroy();
        reject(new TransportFailed(`no TLS connection to ${serverName}`, { cause }));
      };
      socket.setTimeout(connectTimeoutMs, () => fail());
      socket.once('error', fail);
      socket.once('secureConnect', () => {
        socket.off('error', fail);
        socket.removeAllListeners('timeout');
        const flow = new StreamFlow(socket, { listener: undefined, sentBy: this.#sentBy('TLS'), events: this.#events });
        this.#open(flow);
        resolve(flow);
      });
    });
  }

  #receive(message: SipMessage, flow: NodeFlow): void {
    try {
      checkMessage(message);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#user.onFault?.(flow, error);
      if (isRequest(message)) this.#refuse(message, flow, error);
      return;
    }
    this.layer.receive(isRequest(message) ? withReceived(message, flow.peer) : message, flow);
  }

  /** A broken request is answered where it can be: ACK never is, and without a Via nobody would know the answer. */
  #refuse(request: SipRequest, flow: NodeFlow, error: SipError): void {
    if (request.method === 'ACK' || !request.headers.has('Via') || !request.headers.has('CSeq')) return;
    try {
      const reasonPhrase = error.message.slice(0, 120);
      const response = createResponse(request, error.statusCode, { reasonPhrase, toTag: this.layer.createToken() });
      flow.send(response).catch(() => {});
    } catch (unanswerable) {
      if (!(unanswerable instanceof SipError)) throw unanswerable;
    }
  }
}

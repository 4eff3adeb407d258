/**
 * A SIP element of this process: its listeners, its connections, its transactions (RFC 3261 18).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import type { AddressInfo, Server, Socket } from 'node:net';
import {
  type Clock,
  checkMessage,
  isRequest,
  SipError,
  type SipMessage,
  type SipRequest,
  TransactionLayer,
  type TransactionUser,
  TransportFailed,
} from '@wicgate/sip';
import { readDatagrams } from './datagram-flow.ts';
import { Overloaded } from './errors.ts';
import type { FlowEvents } from './flow-events.ts';
import { asFault, guardUser } from './guard-user.ts';
import type { ListenAddress, TlsIdentity } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';
import { withReceived } from './received.ts';
import { refusalOf, salvageRequest } from './refuse-broken.ts';
import { StreamFlow } from './stream-flow.ts';
import { createStreamListener } from './stream-listener.ts';
import { createSystemClock } from './system-clock.ts';
import { TlsConnector, type TlsDestination } from './tls-connector.ts';
import { WebSocketFlow } from './websocket-flow.ts';
import { createWebSocketListener, type WebSocketListenerOptions } from './websocket-listener.ts';

export interface EndpointUser extends TransactionUser<NodeFlow> {
  /** Somebody connected; nothing has been received yet. Not told of datagrams. */
  onFlowOpened?(flow: NodeFlow): void;
  onFlowClosed?(flow: NodeFlow): void;
  /** A message was dropped, or answered here with the error's status code. */
  onFault?(flow: NodeFlow, error: SipError): void;
  /** A listener could not accept a connection, or read; it goes on. */
  onListenerError?(listener: string, error: Error): void;
}

export interface EndpointOptions {
  readonly user: EndpointUser;
  /** `host[:port]` for the Via of requests that leave by `transport`. */
  readonly sentBy: (transport: string) => string;
  /** Connections of one listener; 10,000 unless given. */
  readonly maxConnections?: number;
  /** Transactions under way beyond which new requests are answered 503; 50,000 unless given. */
  readonly maxTransactions?: number;
  /** The same for one connection of a peer that no certificate names; 500 unless given. */
  readonly maxTransactionsPerConnection?: number;
  /** How long a TLS handshake and an upgrade request may take, in milliseconds; 10,000 unless given. */
  readonly handshakeTimeoutMs?: number;
  /** How long it may take to reach a peer, in milliseconds; 5,000 unless given. */
  readonly connectTimeoutMs?: number;
  /**
   * How long an accepted connection may take to bring its first message, and any to finish one that it began, in
   * milliseconds; 30,000 unless given.
   */
  readonly messageTimeoutMs?: number;
}

const drainMs = 1_000;
/** How full the layer may be for connections whose other end no certificate names. */
const strangersShare = 0.5;
/** How full the layer may be for datagrams to come in: their senders prove nothing, and each request stays for 32 s. */
const datagramShare = 0.2;

export class Endpoint {
  readonly layer: TransactionLayer<NodeFlow>;
  readonly clock: Clock;
  readonly #clock = createSystemClock();
  readonly #options: Required<EndpointOptions>;
  readonly #connector: TlsConnector;
  readonly #servers = new Set<Server>();
  readonly #datagrams = new Set<DatagramSocket>();
  readonly #flows = new Set<NodeFlow>();
  /** Also those that are no flows yet, or never will be. */
  readonly #sockets = new Set<Socket>();
  #isStopped = false;

  constructor(options: EndpointOptions) {
    this.#options = {
      maxConnections: 10_000,
      maxTransactions: 50_000,
      maxTransactionsPerConnection: 500,
      handshakeTimeoutMs: 10_000,
      connectTimeoutMs: 5_000,
      messageTimeoutMs: 30_000,
      ...options,
    };
    this.clock = this.#clock;
    const createToken = (): string => randomBytes(12).toString('hex');
    const onFault = (flow: NodeFlow, error: SipError): void => this.#options.user.onFault?.(flow, error);
    const user = guardUser(options.user, { createToken, onFault });
    this.layer = new TransactionLayer<NodeFlow>({ clock: this.#clock, createToken, user });
    this.#connector = new TlsConnector({
      connectTimeoutMs: this.#options.connectTimeoutMs,
      track: (socket) => this.#track(socket),
      accept: (socket) => this.#openStream(socket, undefined),
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
      socket.bind(port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('error', (error) => this.#options.user.onListenerError?.(name, error));
    if (this.#isStopped) socket.close();
    else this.#datagrams.add(socket);
    readDatagrams(socket, { listener: name, sentBy: this.#options.sentBy('UDP'), events: this.#events });
    return { port: socket.address().port };
  }

  listenWebSocket({
    name,
    host,
    port,
    pingIntervalMs,
    ...options
  }: ListenAddress & WebSocketListenerOptions & { readonly pingIntervalMs: number }): Promise<{ port: number }> {
    const { maxConnections, handshakeTimeoutMs, sentBy } = this.#options;
    const server = createWebSocketListener(options, {
      maxConnections,
      handshakeTimeoutMs,
      accept: (socket, tls) => {
        const flow = { listener: name, sentBy: sentBy('WSS'), pingIntervalMs, events: this.#events };
        this.#accept(new WebSocketFlow(socket, tls, flow));
      },
    });
    return this.#listen(name, server, { host, port });
  }

  /**
   * The connection to a peer; opened where there is none.
   *
   * @throws {TransportFailed} no connection in time, or a certificate without `serverName`.
   */
  connectTls(destination: TlsDestination): Promise<NodeFlow> {
    return this.#connector.connect(destination);
  }

  /** Closes listeners at once and connections when what was sent has left, after 1 s at the latest. No timer is left. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#connector.stop();
    const closed = [...this.#servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#datagrams) socket.close();
    this.#datagrams.clear();
    for (const flow of this.#flows) flow.close(1_001);
    const left = [...this.#sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve)));
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, drainMs);
    await Promise.all([...closed, ...left]);
    clearTimeout(cut);
    this.#clock.stop();
  }

  readonly #events: FlowEvents = {
    message: (message, flow) => this.#receive(message, flow),
    fault: (flow, error, octets) => {
      this.#options.user.onFault?.(flow, error);
      const request = octets === undefined ? undefined : salvageRequest(octets);
      if (request !== undefined) this.#refuse(request, flow, error);
    },
    closed: (flow) => {
      this.#flows.delete(flow);
      this.layer.flowClosed(flow, new TransportFailed('the connection was closed'));
      this.#options.user.onFlowClosed?.(flow);
    },
  };

  #accept(flow: NodeFlow): void {
    this.#flows.add(flow);
    this.#options.user.onFlowOpened?.(flow);
  }

  #openStream(socket: Socket, listener: string | undefined): NodeFlow {
    const { sentBy, messageTimeoutMs } = this.#options;
    const isTls = 'encrypted' in socket;
    const flow = new StreamFlow(socket, {
      listener,
      sentBy: sentBy(isTls ? 'TLS' : 'TCP'),
      events: this.#events,
      messageTimeoutMs,
    });
    this.#flows.add(flow);
    return flow;
  }

  #listenStream(
    name: string,
    address: { host: string; port: number },
    tls: TlsIdentity | undefined,
  ): Promise<{ port: number }> {
    const { maxConnections, handshakeTimeoutMs } = this.#options;
    const accept = (socket: Socket): void => {
      if (socket.destroyed) return;
      const flow = this.#openStream(socket, name);
      this.#options.user.onFlowOpened?.(flow);
    };
    return this.#listen(name, createStreamListener({ maxConnections, handshakeTimeoutMs, tls, accept }), address);
  }

  async #listen(
    name: string,
    server: Server,
    { host, port }: { host: string; port: number },
  ): Promise<{ port: number }> {
    server.on('connection', (socket) => this.#track(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    // Too many open files, for one: it passes.
    server.on('error', (error) => this.#options.user.onListenerError?.(name, error));
    const bound = server.address() as AddressInfo;
    if (this.#isStopped) server.close();
    else this.#servers.add(server);
    return { port: bound.port };
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }

  #receive(message: SipMessage, flow: NodeFlow): void {
    try {
      checkMessage(message);
      if (isRequest(message)) this.#checkLoad(message, flow);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.#options.user.onFault?.(flow, error);
      if (isRequest(message)) this.#refuse(message, flow, error);
      return;
    }
    try {
      this.layer.receive(isRequest(message) ? withReceived(message, flow.peer) : message, flow);
    } catch (cause) {
      // Whoever was told of a response failed.
      this.#options.user.onFault?.(flow, asFault(cause));
    }
  }

  /**
   * ACK and CANCEL make nothing that lasts, and let other things end. What peers without a certificate fill leaves
   * half of the room to those with one.
   */
  #checkLoad({ method }: SipRequest, flow: NodeFlow): void {
    if (method === 'ACK' || method === 'CANCEL') return;
    const { maxTransactions, maxTransactionsPerConnection } = this.#options;
    const isProven = flow.peer.certificateNames.length > 0;
    const limit = maxTransactions * (flow.reliable ? (isProven ? 1 : strangersShare) : datagramShare);
    if (this.layer.size >= limit) throw new Overloaded(limit);
    const isFull = this.layer.serverTransactionsOn(flow) >= maxTransactionsPerConnection;
    if (flow.reliable && !isProven && isFull) throw new Overloaded(maxTransactionsPerConnection);
  }

  #refuse(request: SipRequest, flow: NodeFlow, error: SipError): void {
    // It may repeat a request that is being carried out: its sender asks again.
    if (error instanceof Overloaded && !flow.reliable) return;
    const response = refusalOf(request, { error, peer: flow.peer, toTag: this.layer.createToken() });
    // Who has gone needs no answer.
    if (response !== undefined) flow.send(response).catch(() => {});
  }
}

/**
 * A SIP element of this process: its listeners, its connections, its transactions (RFC 3261 18).
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type Clock,
  type Inform,
  type SendOptions,
  type SentRequest,
  type SipError,
  type SipRequest,
  TransactionLayer,
  TransportFailed,
} from '@wicgate/sip';
import type { WebSocket } from 'ws';
import type { TcpDestination, TlsDestination } from './connect-stream.ts';
import type { WebSocketDestination } from './connect-websocket.ts';
import { type DatagramSocketOptions, readDatagrams } from './datagram-flow.ts';
import { type CompleteOptions, defaultOptions, type EndpointOptions } from './endpoint-options.ts';
import type { FlowEvents } from './flow-events.ts';
import { asFault, guardCall, guardInform, guardReport, guardUser } from './guard-user.ts';
import { Inbound } from './inbound.ts';
import type { ListenAddress, TcpAndUdpAddress, TlsListenAddress } from './listen-address.ts';
import { Listeners } from './listeners.ts';
import type { NodeFlow } from './node-flow.ts';
import { Outgoing, type UdpDestination } from './outgoing.ts';
import { createRouting, type Routing } from './routing.ts';
import { StreamFlow } from './stream-flow.ts';
import { createStreamListener } from './stream-listener.ts';
import { createSystemClock } from './system-clock.ts';
import { WebSocketFlow } from './websocket-flow.ts';
import { createWebSocketListener, type WebSocketListenerOptions } from './websocket-listener.ts';

const drainMs = 1_000;
const defaultPingIntervalMs = 30_000;

export class Endpoint {
  readonly layer: TransactionLayer<NodeFlow>;
  readonly clock: Clock;
  readonly #clock = createSystemClock();
  readonly #options: CompleteOptions;
  readonly #outgoing: Outgoing;
  readonly #listeners: Listeners;
  readonly #inbound: Inbound;
  readonly #routing: Routing;
  readonly #flows = new Set<NodeFlow>();
  /** Also those that are no flows yet, or never will be. */
  readonly #sockets = new Set<Socket>();

  constructor(options: EndpointOptions) {
    this.#options = { ...defaultOptions, ...options };
    const { user, maxTransactions, maxTransactionsPerConnection, recvBufferSize } = this.#options;
    this.clock = this.#clock;
    const createToken = (): string => randomBytes(12).toString('hex');
    const onFault = this.#onFault;
    this.layer = new TransactionLayer<NodeFlow>({
      clock: this.#clock,
      createToken,
      user: guardUser(user, { createToken, onFault }),
      // Each transaction may have its CANCEL; what else comes in is judged before.
      maxServerTransactions: 2 * maxTransactions,
      onInformFault: (cause, flow) => onFault(flow, asFault(cause)),
    });
    this.#listeners = new Listeners({
      clock: this.#clock,
      recvBufferSize,
      track: (socket) => this.#track(socket),
      onError: (listener, error) => guardReport(() => user.onListenerError?.(listener, error)),
    });
    this.#inbound = new Inbound({
      layer: this.layer,
      maxTransactions,
      maxTransactionsPerConnection,
      onFault,
      onAlias: (flow, port) => this.#outgoing.addAlias(flow, port),
    });
    this.#outgoing = this.#createOutgoing();
    this.#routing = createRouting({ layer: this.layer, clock: this.#clock, outgoing: this.#outgoing }, this.#options);
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#flows.size;
  }

  listenTcp({ name, ...address }: ListenAddress): Promise<{ port: number }> {
    return this.#listenStream(name, address, {});
  }

  listenTls({ name, host, port, ...tls }: TlsListenAddress): Promise<{ port: number }> {
    return this.#listenStream(name, { host, port }, tls);
  }

  async listenUdp({ name, host, port }: ListenAddress): Promise<{ port: number }> {
    const socket = await this.#listeners.bind(name, { host, port });
    readDatagrams(socket, this.#datagramOptions(name));
    return { port: socket.address().port };
  }

  /**
   * TCP and UDP on one port, both or neither (RFC 3261 18.2.1). With port 0 it is one that is free for both: what the
   * operating system gives for one may be taken for the other.
   */
  async listenTcpAndUdp({ names, host, port }: TcpAndUdpAddress): Promise<{ port: number }> {
    const listenTcp = (found: number): Promise<unknown> => this.#listenStream(names.tcp, { host, port: found }, {});
    const socket = await this.#listeners.bindBeside(names.udp, { host, port }, listenTcp);
    readDatagrams(socket, this.#datagramOptions(names.udp));
    return { port: socket.address().port };
  }

  listenWebSocket({
    name,
    host,
    port,
    pingIntervalMs,
    ...options
  }: ListenAddress & WebSocketListenerOptions & { readonly pingIntervalMs: number }): Promise<{ port: number }> {
    const { maxConnections, maxConnectionsPerAddress, handshakeTimeoutMs, messageTimeoutMs, sentBy } = this.#options;
    const transport = options.tls === undefined ? 'WS' : 'WSS';
    const flowOptions = { listener: name, pingIntervalMs, messageTimeoutMs, events: this.#events };
    const acceptance = {
      maxConnections,
      maxConnectionsPerAddress: options.maxConnectionsPerAddress ?? maxConnectionsPerAddress,
      handshakeTimeoutMs,
      // The port is known by now; before the listener is bound it may still be 0.
      accept: (socket: WebSocket, stream: Socket) =>
        this.#accept(new WebSocketFlow(socket, stream, { ...flowOptions, sentBy: sentBy(transport) })),
    };
    return this.#listeners.listen(name, (onCrowded) => createWebSocketListener(options, { ...acceptance, onCrowded }), {
      host,
      port,
    });
  }

  /**
   * The TCP connection to a peer; opened where there is none.
   *
   * @throws {TransportFailed} no connection in time, or too many.
   */
  connectTcp(destination: TcpDestination): Promise<NodeFlow> {
    return this.#outgoing.connectTcp(destination);
  }

  /**
   * The TLS connection to a peer: one that it opened itself and offered for this (RFC 5923), one that is open already, or
   * a new one.
   *
   * @throws {TransportFailed} no connection in time, a certificate without `serverName`, or too many.
   */
  connectTls(destination: TlsDestination): Promise<NodeFlow> {
    return this.#outgoing.connectTls(destination);
  }

  /**
   * A way to an address by UDP: from a socket that listens where one can reach it, so that answers find us, else from one
   * of its own.
   *
   * @throws {TypeError} `host` is no IP address: names are for {@link request}, which looks them up.
   * @throws {TransportFailed} this endpoint has stopped, or no socket can be had.
   */
  connectUdp(destination: UdpDestination): Promise<NodeFlow> {
    return this.#outgoing.connectUdp(destination);
  }

  /**
   * The WebSocket connection to a server; opened where there is none.
   *
   * @throws {TransportFailed} no connection in time, an upgrade that was refused, or too many.
   */
  connectWebSocket(destination: WebSocketDestination): Promise<NodeFlow> {
    return this.#outgoing.connectWebSocket(destination);
  }

  /**
   * Finds the servers of the top Route, else of the Request-URI, and sends the request to one after the other until one
   * answers (RFC 3263 4). `inform` is told of responses and of how it ended.
   *
   * @throws {HeaderMalformed} neither is a URI. @throws {TypeError} an ACK, or a `tel:` URI.
   */
  request(request: SipRequest, inform: Inform<NodeFlow>, options?: SendOptions): SentRequest<NodeFlow> {
    return this.#routing.sender.send(request, guardInform(inform, this.#onInformFault), options);
  }

  /** Closes listeners at once and connections when what was sent has left, after 1 s at the latest. No timer is left. */
  async stop(): Promise<void> {
    this.#outgoing.stop();
    const closed = this.#listeners.stop();
    for (const flow of this.#flows) flow.close(1_001);
    const left = [...this.#sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve)));
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, drainMs);
    await Promise.all([closed, ...left]);
    clearTimeout(cut);
    this.#clock.stop();
  }

  readonly #events: FlowEvents = {
    message: (message, flow) => this.#inbound.receive(message, flow),
    fault: (flow, error, octets) => this.#inbound.receiveBroken(flow, error, octets),
    closed: (flow, reason) => {
      this.#flows.delete(flow);
      this.#outgoing.forget(flow);
      this.layer.flowClosed(flow, new TransportFailed('the connection was closed', { cause: reason }));
      guardCall(
        () => this.#options.user.onFlowClosed?.(flow, reason),
        (error) => this.#onFault(flow, error),
      );
    },
  };

  readonly #onFault = (flow: NodeFlow, error: SipError): void =>
    guardReport(() => this.#options.user.onFault?.(flow, error));

  readonly #onInformFault = (error: SipError, flow: NodeFlow | undefined): void => {
    const { user } = this.#options;
    if (user.onInformFault !== undefined) guardReport(() => user.onInformFault?.(error, flow));
    else if (flow !== undefined) this.#onFault(flow, error);
  };

  #accept(flow: NodeFlow): void {
    this.#flows.add(flow);
    this.#tellOpened(flow);
  }

  /** A user that fails here has not kept what it wanted to know of the connection: it ends. */
  #tellOpened(flow: NodeFlow): void {
    guardCall(
      () => this.#options.user.onFlowOpened?.(flow),
      (error) => {
        this.#onFault(flow, error);
        flow.close(1_011);
      },
    );
  }

  #openStream(socket: Socket, listener: string | undefined, keepAliveMs?: number): NodeFlow {
    const { sentBy, messageTimeoutMs, idleTimeoutMs } = this.#options;
    const flow = new StreamFlow(socket, {
      listener,
      sentBy: sentBy('encrypted' in socket ? 'TLS' : 'TCP'),
      events: this.#events,
      messageTimeoutMs,
      idleTimeoutMs,
      keepAliveMs,
      reroute: (response, gone) => this.#routing.responses.send(response, gone),
    });
    this.#flows.add(flow);
    return flow;
  }

  #listenStream(
    name: string,
    address: { host: string; port: number },
    tls: Partial<Pick<TlsListenAddress, 'tls' | 'requiresCertificate'>>,
  ): Promise<{ port: number }> {
    const { maxConnections, maxConnectionsPerAddress, handshakeTimeoutMs } = this.#options;
    const accept = (socket: Socket): void => {
      if (socket.destroyed) return;
      const flow = this.#openStream(socket, name);
      this.#tellOpened(flow);
    };
    const options = { maxConnections, maxConnectionsPerAddress, handshakeTimeoutMs, ...tls, accept };
    return this.#listeners.listen(name, (onRefused) => createStreamListener({ ...options, onRefused }), address);
  }

  #createOutgoing(): Outgoing {
    const { maxOutgoingConnections, connectTimeoutMs, messageTimeoutMs, sentBy } = this.#options;
    return new Outgoing({
      maxConnections: maxOutgoingConnections,
      connectTimeoutMs,
      listeners: this.#listeners,
      track: (socket) => this.#track(socket),
      openStream: (socket, { keepAliveMs }) => this.#openStream(socket, undefined, keepAliveMs),
      openWebSocket: (socket, stream, { url, pingIntervalMs = defaultPingIntervalMs }) => {
        const options = { listener: undefined, pingIntervalMs, messageTimeoutMs, events: this.#events };
        const transport = url.startsWith('wss:') ? 'WSS' : 'WS';
        const flow = new WebSocketFlow(socket, stream, { ...options, sentBy: sentBy(transport) });
        this.#flows.add(flow);
        return flow;
      },
      datagramOptions: () => this.#datagramOptions(undefined),
    });
  }

  #datagramOptions(listener: string | undefined): DatagramSocketOptions {
    const { sentBy, responsesTo } = this.#options;
    const followsMaddr = responsesTo === 'sent-by';
    return { listener, sentBy: sentBy('UDP'), events: this.#events, followsMaddr };
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

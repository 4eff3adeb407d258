/**
 * The ways out that an endpoint opens itself (RFC 3261 18.1.1, RFC 5923).
 *
 * @module
 */
import type { Socket as DatagramSocket } from 'node:dgram';
import { isIP, type Socket } from 'node:net';
import { TransportFailed } from '@wicgate/sip';
import { hostPort, withoutBrackets } from './address.ts';
import { connectStream, type StreamConnecting, type TcpDestination, type TlsDestination } from './connect-stream.ts';
import { connectWebSocket, type WebSocketConnecting, type WebSocketDestination } from './connect-websocket.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DatagramFlow, type DatagramSocketOptions, readDatagrams } from './datagram-flow.ts';
import type { Listeners } from './listeners.ts';
import type { NodeFlow } from './node-flow.ts';

export interface UdpDestination {
  /** An IP address, no name: `Endpoint.request` looks names up. An IPv6 address may stand in brackets. */
  readonly host: string;
  readonly port: number;
}

export interface OutgoingOptions {
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly listeners: Listeners;
  readonly track: (socket: Socket) => void;
  readonly openStream: (socket: Socket, destination: TcpDestination) => NodeFlow;
  readonly openWebSocket: (
    ...connected: [...Parameters<WebSocketConnecting['accept']>, destination: WebSocketDestination]
  ) => NodeFlow;
  readonly datagramOptions: () => DatagramSocketOptions;
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #pool: ConnectionPool;
  /** Sockets that only send requests of ours and take their answers, by family. */
  readonly #ownDatagrams = new Map<number, Promise<DatagramSocket>>();
  #isStopped = false;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options.maxConnections);
  }

  /** @throws {TransportFailed} rejects. */
  connectTcp(destination: TcpDestination): Promise<NodeFlow> {
    const key = `TCP ${hostPort(destination.host, destination.port)}`;
    return this.#pool.open(key, (forget) => connectStream(destination, this.#connecting(destination), forget));
  }

  /** @throws {TransportFailed} rejects. */
  async connectTls(destination: TlsDestination): Promise<NodeFlow> {
    const { host, port, serverName } = destination;
    const offered = this.#pool.findAlias(withoutBrackets(host), port, serverName);
    if (offered !== undefined && !this.#isStopped) return offered;
    const key = `TLS ${hostPort(host, port)} ${serverName}`;
    return this.#pool.open(key, (forget) => connectStream(destination, this.#connecting(destination), forget));
  }

  /** @throws {TransportFailed} rejects. @throws {TypeError} rejects: `host` is a name. */
  async connectUdp({ host, port }: UdpDestination): Promise<NodeFlow> {
    const { listeners, datagramOptions } = this.#options;
    const address = withoutBrackets(host);
    const family = isIP(address);
    if (family === 0) throw new TypeError('expected host to be an IP address; request() looks names up');
    if (this.#isStopped) throw new TransportFailed('this endpoint has stopped');
    const found = listeners.findDatagramSocket(address) ?? { socket: await this.#openDatagrams(family), address };
    return new DatagramFlow(found.socket, { address: found.address, port }, datagramOptions());
  }

  /** @throws {TransportFailed} rejects. */
  connectWebSocket(destination: WebSocketDestination): Promise<NodeFlow> {
    const { connectTimeoutMs, track, openWebSocket } = this.#options;
    const key = `${destination.url} ${destination.serverName ?? ''}`;
    const accept: WebSocketConnecting['accept'] = (socket, stream) => openWebSocket(socket, stream, destination);
    return this.#pool.open(key, (forget) => connectWebSocket(destination, { connectTimeoutMs, track, accept }, forget));
  }

  /** The peer of `flow` takes requests for `port` on it. */
  addAlias(flow: NodeFlow, port: number): void {
    this.#pool.addAlias(flow, port);
  }

  /** The flow has closed. */
  forget(flow: NodeFlow): void {
    this.#pool.forget(flow);
  }

  /** Opens nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#pool.stop();
  }

  #connecting(destination: TcpDestination): StreamConnecting {
    const { connectTimeoutMs, track, openStream } = this.#options;
    return { connectTimeoutMs, track, accept: (socket) => openStream(socket, destination) };
  }

  #openDatagrams(family: number): Promise<DatagramSocket> {
    const known = this.#ownDatagrams.get(family);
    if (known !== undefined) return known;
    const opening = this.#bindDatagrams(family === 6 ? '::' : '0.0.0.0').catch((cause: unknown) => {
      this.#ownDatagrams.delete(family);
      throw new TransportFailed('no UDP socket', { cause });
    });
    this.#ownDatagrams.set(family, opening);
    return opening;
  }

  async #bindDatagrams(host: string): Promise<DatagramSocket> {
    const socket = await this.#options.listeners.bind('udp-client', { host, port: 0 });
    readDatagrams(socket, this.#options.datagramOptions());
    return socket;
  }
}

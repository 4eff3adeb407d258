/**
 * Connections that this process opens: one to each peer, shared while it is open (RFC 5923).
 *
 * @module
 */
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { TransportFailed } from '@wicgate/sip';
import type { TlsIdentity } from './listen-address.ts';
import type { NodeFlow } from './node-flow.ts';

export interface TlsDestination {
  /** An IPv6 address may stand in brackets, as in a URI. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsIdentity;
  /** The name that the peer's certificate must carry. */
  readonly serverName: string;
}

export interface TlsConnectorOptions {
  readonly connectTimeoutMs: number;
  /** Sees each socket before it is connected. */
  readonly track: (socket: Socket) => void;
  /** Makes a flow of a connected socket. */
  readonly accept: (socket: Socket) => NodeFlow;
}

export class TlsConnector {
  readonly #options: TlsConnectorOptions;
  /** Connections, and those being opened, by destination. */
  readonly #known = new Map<string, Promise<NodeFlow>>();
  #isStopped = false;

  constructor(options: TlsConnectorOptions) {
    this.#options = options;
  }

  /** @throws {TransportFailed} no connection in time, or a certificate without `serverName`. */
  async connect(destination: TlsDestination): Promise<NodeFlow> {
    const key = `${destination.host}:${destination.port} ${destination.serverName}`;
    for (let known = this.#known.get(key); known !== undefined; known = this.#known.get(key)) {
      const flow = await known;
      if (flow.isOpen) return flow;
      // It is on its way out; 'close' has not come yet.
      if (this.#known.get(key) === known) this.#known.delete(key);
    }
    return this.#open(key, destination);
  }

  /** Opens nothing any more. */
  stop(): void {
    this.#isStopped = true;
  }

  #open(key: string, destination: TlsDestination): Promise<NodeFlow> {
    if (this.#isStopped) return Promise.reject(new TransportFailed('this endpoint has stopped'));
    const opening = this.#connect(destination, () => {
      if (this.#known.get(key) === opening) this.#known.delete(key);
    });
    this.#known.set(key, opening);
    return opening;
  }

  /** `forget` is called when the connection, made or not, has come to its end. */
  #connect({ host, port, tls, serverName }: TlsDestination, forget: () => void): Promise<NodeFlow> {
    const { connectTimeoutMs, track, accept } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: host.replace(/^\[(.*)\]$/u, '$1'),
        port,
        ...tls,
        servername: serverName,
        minVersion: 'TLSv1.2',
      });
      let cause: Error | undefined;
      const late = setTimeout(() => socket.destroy(), connectTimeoutMs);
      track(socket);
      socket.on('error', (error) => {
        cause = error;
      });
      socket.once('close', () => {
        clearTimeout(late);
        forget();
        // Without effect where it was connected.
        reject(new TransportFailed(`no TLS connection to ${serverName}`, { cause }));
      });
      socket.once('secureConnect', () => {
        clearTimeout(late);
        resolve(accept(socket));
      });
    });
  }
}

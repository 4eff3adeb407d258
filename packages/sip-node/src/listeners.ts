/**
 * The sockets that one endpoint listens on.
 *
 * @module
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { isIPv6, type Server, type Socket } from 'node:net';

export interface ListenersOptions {
  /** Sees each accepted socket before anything else does. */
  readonly track: (socket: Socket) => void;
  readonly onError: (listener: string, error: Error) => void;
}

interface BoundSocket {
  readonly socket: DatagramSocket;
  readonly host: string;
}

export class Listeners {
  readonly #options: ListenersOptions;
  readonly #servers = new Set<Server>();
  readonly #datagrams: BoundSocket[] = [];
  #isStopped = false;

  constructor(options: ListenersOptions) {
    this.#options = options;
  }

  /** Rejects with the error of the operating system, such as EADDRINUSE. */
  async listen(name: string, server: Server, address: { host: string; port: number }): Promise<{ port: number }> {
    server.on('connection', (socket: Socket) => this.#options.track(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, () => {
        server.off('error', reject);
        resolve();
      });
    });
    // Too many open files, for one: it passes.
    server.on('error', (error) => this.#options.onError(name, error));
    const bound = server.address();
    if (this.#isStopped) server.close();
    else this.#servers.add(server);
    return { port: typeof bound === 'object' && bound !== null ? bound.port : 0 };
  }

  /** Rejects with the error of the operating system. */
  async bind(name: string, { host, port }: { host: string; port: number }): Promise<DatagramSocket> {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, host, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('error', (error) => this.#options.onError(name, error));
    if (this.#isStopped) socket.close();
    else this.#datagrams.push({ socket, host });
    return socket;
  }

  /** A socket that can send to `address`, and the address as that socket wants it. */
  findDatagramSocket(address: string): { readonly socket: DatagramSocket; readonly address: string } | undefined {
    const isVersion6 = isIPv6(address);
    const own = this.#datagrams.find(({ host }) => host.includes(':') === isVersion6);
    if (own !== undefined) return { socket: own.socket, address };
    const both = isVersion6 ? undefined : this.#datagrams.find(({ host }) => host === '::');
    return both === undefined ? undefined : { socket: both.socket, address: `::ffff:${address}` };
  }

  /** Resolves when the last connection of each server has closed, which is for others to see to. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { socket } of this.#datagrams.splice(0)) socket.close();
    const servers = [...this.#servers];
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }
}

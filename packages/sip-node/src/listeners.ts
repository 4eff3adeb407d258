/**
 * The sockets that one endpoint listens on.
 *
 * @module
 */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { isIPv6, type Server, type Socket } from 'node:net';
import type { Clock } from '@wicgate/sip';
import { RefusalReport } from './refusal-report.ts';

const maxPortAttempts = 10;

export interface ListenersOptions {
  /** Sees each accepted socket before anything else does. */
  readonly track: (socket: Socket) => void;
  readonly onError: (listener: string, error: Error) => void;
  readonly clock: Clock;
  /** Of each UDP socket, in octets; what the operating system gives where it is undefined. */
  readonly recvBufferSize: number | undefined;
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

  /**
   * Rejects with the error of the operating system, such as EADDRINUSE. What `onRefused` is told of, and what goes beyond
   * `maxConnections`, is an error of the listener, told once a second at most.
   */
  async listen(
    name: string,
    createServer: (onRefused: (address: string | undefined) => void) => Server,
    address: { host: string; port: number },
  ): Promise<{ port: number }> {
    requirePort(address.port);
    const report = new RefusalReport(this.#options.clock, (error) => this.#options.onError(name, error));
    const server = createServer((remote) => report.add(remote));
    server.on('drop', (dropped) => report.add(dropped?.remoteAddress));
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
    requirePort(port);
    const { recvBufferSize } = this.#options;
    const size = recvBufferSize === undefined ? {} : { recvBufferSize };
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', ...size });
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

  /**
   * A datagram socket at a port where `listen` succeeds too. With port 0 another one is tried while the operating system
   * gives what is taken there.
   */
  async bindBeside(
    name: string,
    { host, port }: { host: string; port: number },
    listen: (port: number) => Promise<unknown>,
  ): Promise<DatagramSocket> {
    for (let attempt = 1; ; attempt += 1) {
      const socket = await this.bind(name, { host, port });
      try {
        await listen(socket.address().port);
        return socket;
      } catch (error) {
        this.#unbind(socket);
        if (port !== 0 || attempt === maxPortAttempts || !isAddressInUse(error)) throw error;
      }
    }
  }

  /** A socket that can send to `address`, and the address as that socket wants it. */
  findDatagramSocket(address: string): { readonly socket: DatagramSocket; readonly address: string } | undefined {
    const isVersion6 = isIPv6(address);
    const own = this.#datagrams.find(({ host }) => host.includes(':') === isVersion6);
    if (own !== undefined) return { socket: own.socket, address };
    const both = isVersion6 ? undefined : this.#datagrams.find(({ host }) => host === '::');
    return both === undefined ? undefined : { socket: both.socket, address: `::ffff:${address}` };
  }

  #unbind(socket: DatagramSocket): void {
    const index = this.#datagrams.findIndex((bound) => bound.socket === socket);
    if (index < 0) return;
    this.#datagrams.splice(index, 1);
    socket.close();
  }

  /** Resolves when the last connection of each server has closed, which is for others to see to. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const { socket } of this.#datagrams.splice(0)) socket.close();
    const servers = [...this.#servers];
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }
}

/** A datagram socket would take NaN for 0, and listen anywhere. */
function requirePort(port: number): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new TypeError('expected a port from 0 to 65535');
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

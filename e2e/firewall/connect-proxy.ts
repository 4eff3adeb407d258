/**
 * An HTTP proxy that does nothing but CONNECT (RFC 9110 9.3.6), to what its table allows.
 *
 * Inside a tunnel it sees octets; of these it looks at the first of each tunnel only, which tells TLS from anything
 * else (RFC 8446 5.1).
 *
 * @module
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface ConnectProxyOptions {
  readonly host: string;
  /** Which targets, `host:port`, are let through. May change its mind. */
  readonly allows: (target: string) => boolean;
  /** A tunnel that carries nothing for so long is cut. */
  readonly idleMs?: number;
}

/** One tunnel that was opened. */
export interface Tunnel {
  /** `host:port` as the client asked. */
  readonly target: string;
  /** The client's first octet; undefined until it speaks. */
  readonly firstOctet: number | undefined;
  readonly openedAtMs: number;
  readonly isOpen: boolean;
}

type Mutable<T> = { -readonly [name in keyof T]: T[name] };

const targetPattern = /^([\w.-]{1,253}):(\d{1,5})$/u;

export class ConnectProxy {
  readonly #options: ConnectProxyOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #tunnels: Mutable<Tunnel>[] = [];
  readonly #refused: string[] = [];

  private constructor(options: ConnectProxyOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#refused.push(`${request.method} ${request.url}`);
      response.writeHead(403).end();
    });
    this.#server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
      this.#keep(client);
      this.#connect(request.url ?? '', client, head);
    });
  }

  static async listen(options: ConnectProxyOptions): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    proxy.#server.listen(0, options.host);
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** For `--proxy-server`. */
  get url(): string {
    return `http://${this.#options.host}:${this.port}`;
  }

  /** Those that were opened, oldest first. */
  get tunnels(): readonly Tunnel[] {
    return this.#tunnels;
  }

  /** How many tunnels there were to each target. */
  get table(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { target } of this.#tunnels) counts[target] = (counts[target] ?? 0) + 1;
    return counts;
  }

  /** What was answered 403: targets, and requests that are no CONNECT. */
  get refused(): readonly string[] {
    return this.#refused;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #connect(target: string, client: Duplex, head: Buffer): void {
    const [, host, port] = targetPattern.exec(target) ?? [];
    if (host === undefined || !this.#options.allows(target)) {
      this.#refused.push(target);
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const server = connect(Number(port), host);
    this.#keep(server);
    server.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'));
    server.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      this.#join(target, client, server, head);
    });
  }

  #join(target: string, client: Duplex, server: Socket, head: Buffer): void {
    const tunnel: Mutable<Tunnel> = { target, firstOctet: head[0], openedAtMs: Date.now(), isOpen: true };
    this.#tunnels.push(tunnel);
    const end = (): void => {
      tunnel.isOpen = false;
      client.destroy();
      server.destroy();
    };
    client.once('data', (data: Buffer) => {
      tunnel.firstOctet ??= data[0];
    });
    const { idleMs } = this.#options;
    if (idleMs !== undefined) server.setTimeout(idleMs, end);
    for (const socket of [client, server]) socket.on('error', end).on('close', end);
    if (head.length > 0) server.write(head);
    client.pipe(server).pipe(client);
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
  }
}

/**
 * TURN servers as the eP-CSCF sees them: `POST /turn/revocations` for who has the operator's token.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export const operatorToken = 'the-token-of-the-operator-of-TURN-servers';

export interface TurnRevocation {
  readonly tids: readonly string[];
  readonly until: number;
}

export class TurnServer {
  readonly #server: Server;
  readonly #scheme: string;
  #port = 0;
  readonly #sockets = new Set<Socket>();
  #waiting: { matches: () => boolean; resolve: () => void }[] = [];
  /** What it took. */
  readonly revocations: TurnRevocation[] = [];
  /** Status of each answer. */
  readonly statuses: number[] = [];
  /** What it answers instead of 204; undefined: it takes everything that is well-formed. */
  status: number | undefined;
  /** Takes requests and answers none. */
  hangs = false;

  private constructor(tls: { cert: Buffer; key: Buffer } | undefined) {
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      this.#take(request, response).catch(() => response.destroy());
    };
    this.#server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(tls?: { cert: Buffer; key: Buffer }): Promise<TurnServer> {
    const turn = new TurnServer(tls);
    await turn.listen();
    return turn;
  }

  /** Listens, after {@link stop} on the same port. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}/turn/revocations`;
  }

  /** All Tids that are revoked here. */
  get tids(): readonly string[] {
    return this.revocations.flatMap(({ tids }) => tids);
  }

  /** Resolves once it has taken the revocation of `tid`. */
  revoked(tid: string): Promise<void> {
    return this.#until(() => this.tids.includes(tid));
  }

  /** Resolves once it has given so many answers. */
  answered(count: number): Promise<void> {
    return this.#until(() => this.statuses.length >= count);
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (this.hangs) return;
    const status = this.#judge(request, Buffer.concat(chunks).toString());
    this.statuses.push(status);
    response.writeHead(status).end();
    const ready = this.#waiting.filter(({ matches }) => matches());
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    for (const { resolve } of ready) resolve();
  }

  #judge({ method, url, headers }: IncomingMessage, body: string): number {
    if (method !== 'POST' || url !== '/turn/revocations') return 404;
    if (headers.authorization !== `Bearer ${operatorToken}`) return 401;
    if (this.status !== undefined) return this.status;
    this.revocations.push(JSON.parse(body) as TurnRevocation);
    return 204;
  }

  #until(matches: () => boolean): Promise<void> {
    if (matches()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ matches, resolve }));
  }
}

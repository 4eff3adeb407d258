/**
 * The loopback operations listener: `/healthz`, `/readyz`, `/metrics` (Prometheus text format), and what functions add.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { listen } from './listen.ts';
import { type OperationsAnswer, OperationsRoutes, type RouteHandler, type RouteMethod } from './operations-routes.ts';

export class Operations {
  readonly metrics = new Registry();
  readonly #ready = new Map<string, () => boolean>();
  readonly #routes = new OperationsRoutes();
  readonly #server: Server;

  constructor() {
    collectDefaultMetrics({ register: this.metrics });
    this.#server = createServer({ requestTimeout: 5_000 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** The process is ready when every function of it says so. */
  addReadiness(functionName: string, isReady: () => boolean): void {
    this.#ready.set(functionName, isReady);
  }

  /**
   * Answers `method` on `path` by `handle`; a path that ends with `/*` takes one more segment, decoded, as its rest.
   * Requests from web pages are refused before. The returned function removes the route.
   *
   * @throws {TypeError} the route is there already.
   */
  addRoute(method: RouteMethod, path: string, handle: RouteHandler): () => void {
    return this.#routes.add(method, path, handle);
  }

  async listen(host: string, port: number): Promise<void> {
    await listen(this.#server, { host, port, setting: 'OPERATIONS_PORT' });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    if (url === '/healthz') return text(response, 200, 'ok\n');
    if (url === '/metrics') return text(response, 200, await this.metrics.metrics(), this.metrics.contentType);
    if (url === '/readyz') {
      const waiting = [...this.#ready].filter(([, isReady]) => !isReady()).map(([name]) => name);
      return waiting.length === 0
        ? text(response, 200, 'ready\n')
        : text(response, 503, `waiting: ${waiting.join(' ')}\n`);
    }
    const answer = await this.#routes.answer(request);
    if (answer === undefined)
      return text(response, 404, 'expected /healthz, /readyz, /metrics or another known path\n');
    json(response, answer);
  }
}

function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

function json(response: ServerResponse, { status, body, headers = {} }: OperationsAnswer): void {
  if (body === undefined) response.writeHead(status, { ...headers }).end();
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(`${JSON.stringify(body)}\n`);
}

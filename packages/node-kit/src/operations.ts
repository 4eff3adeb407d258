/**
 * The loopback operations listener: `/healthz`, `/readyz` and `/metrics` (Prometheus text format).
 *
 * @module
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { listen } from './listen.ts';

export class Operations {
  readonly metrics = new Registry();
  readonly #ready = new Map<string, () => boolean>();
  readonly #server: Server;

  constructor() {
    collectDefaultMetrics({ register: this.metrics });
    this.#server = createServer({ requestTimeout: 5_000 }, (request, response) => {
      this.#answer(request.url ?? '/', response).catch(() => response.destroy());
    });
  }

  /** The process is ready when every function of it says so. */
  addReadiness(functionName: string, isReady: () => boolean): void {
    this.#ready.set(functionName, isReady);
  }

  async listen(host: string, port: number): Promise<void> {
    await listen(this.#server, { host, port, setting: 'OPERATIONS_PORT' });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(url: string, response: ServerResponse): Promise<void> {
    if (url === '/healthz') return text(response, 200, 'ok\n');
    if (url === '/metrics') return text(response, 200, await this.metrics.metrics(), this.metrics.contentType);
    if (url === '/readyz') {
      const waiting = [...this.#ready].filter(([, isReady]) => !isReady()).map(([name]) => name);
      return waiting.length === 0
        ? text(response, 200, 'ready\n')
        : text(response, 503, `waiting: ${waiting.join(' ')}\n`);
    }
    return text(response, 404, 'expected /healthz, /readyz or /metrics\n');
  }
}

function text(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

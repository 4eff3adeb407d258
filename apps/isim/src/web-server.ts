/**
 * The https server of the page: files as they were at the start, each with a route of its own, and nothing else.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import serveStatic from '@fastify/static';
import type { Logger, TlsMaterial } from '@wicgate/node-kit';
import { type FastifyInstance, fastify } from 'fastify';
import type { LogEvent } from './log-event.ts';

export interface WebServerOptions {
  readonly tls: TlsMaterial;
  readonly pageFolder: string;
  readonly frameAncestors: readonly string[];
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxConnections: number;
  readonly log: Logger<LogEvent>;
}

const revalidate = 'no-cache';
/** The names under assets/ carry a hash of the content. */
const forever = 'public, max-age=31536000, immutable';

/** It does not listen yet. */
export async function createWebServer(options: WebServerOptions): Promise<FastifyInstance> {
  const { cert, key } = options.tls;
  const app = fastify({
    https: { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: 10_000, maxHeaderSize: 16_384 },
    bodyLimit: 1_024,
    requestTimeout: 10_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 15_000,
    exposeHeadRoutes: false,
    logger: false,
    frameworkErrors: (_error, _request, reply) => {
      reply.raw.writeHead(400, { ...options.headers, 'content-type': 'application/json' });
      reply.raw.end('{"error":"bad_request"}');
    },
  }) as unknown as FastifyInstance;
  app.server.maxConnections = options.maxConnections;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(options.headers);
  });
  cutConnectionsOnClose(app);
  answerFailures(app, options.log);
  await addRoutes(app, options);
  return app;
}

async function addRoutes(app: FastifyInstance, { pageFolder, frameAncestors }: WebServerOptions): Promise<void> {
  const root = resolve(pageFolder);
  await app.register(serveStatic, {
    root,
    wildcard: false,
    index: false,
    serveDotFiles: false,
    cacheControl: false,
    globIgnore: ['index.html', '**/*.map'],
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(resolve(root, 'assets')) ? forever : revalidate);
    },
  });
  app.get('/', (_request, reply) => reply.sendFile('index.html'));
  app.get('/configuration', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { wicOrigins: frameAncestors };
  });
}

function answerFailures(app: FastifyInstance, log: Logger<LogEvent>): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).header('cache-control', 'no-store').send({ error: 'not_found' }),
  );
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 400 && status < 500) return reply.code(status).send({ error: 'bad_request' });
    log.error({
      event: 'request.failed',
      cause: error,
      effect: 'one request failed',
      action: 'report it as a fault of the server of the ISIM',
    });
    return reply.code(500).send({ error: 'internal' });
  });
}

/** Also those without a request, or in the TLS handshake: there is nothing here that must not be cut off. */
function cutConnectionsOnClose(app: FastifyInstance): void {
  const open = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  app.addHook('preClose', async () => {
    for (const socket of open) socket.destroy();
  });
}

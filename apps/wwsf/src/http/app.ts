/**
 * The https server of the WWSF and its limits.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import cookie from '@fastify/cookie';
import { followConnections, type TlsMaterial } from '@wicgate/node-kit';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';

export type App = FastifyInstance;
export type Request = FastifyRequest;
export type Reply = FastifyReply;

const bodyLimit = 16 * 1024;
const maxHeaderSize = 16 * 1024;
const requestTimeout = 10_000;
const connectionTimeout = 30_000;
const handshakeTimeout = 10_000;
const keepAliveTimeout = 15_000;

export interface WebServer {
  readonly app: App;
  /** Stops listening, lets requests under way end for `graceMs`, then cuts what is left. */
  readonly stop: (graceMs: number) => Promise<void>;
}

export interface WebServerOptions {
  readonly maxConnections: number;
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}

/** A server without routes; it does not listen yet. */
export async function createWebServer(
  { cert, key }: TlsMaterial,
  { maxConnections, headers, trustedProxies }: WebServerOptions,
): Promise<WebServer> {
  const app: App = fastify({
    https: { cert, key, minVersion: 'TLSv1.2', handshakeTimeout, maxHeaderSize },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit,
    requestTimeout,
    connectionTimeout,
    keepAliveTimeout,
    exposeHeadRoutes: false,
    // Its own log would show the query of the callback.
    logger: false,
    frameworkErrors: (_error, _request, reply) => {
      reply.raw.writeHead(400, { ...headers, 'content-type': 'application/json' }).end('{"error":"bad_request"}');
    },
  }) as unknown as App;
  await app.register(cookie);
  ignoreBodies(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  const waitUntilIdle = followRequests(app);
  // All connections come from a reverse proxy, if there is one.
  const perAddress = trustedProxies.length > 0 ? maxConnections : Math.ceil(maxConnections / 2);
  const cutConnections = followConnections(app.server, { total: maxConnections, perAddress });
  const stop = async (graceMs: number): Promise<void> => {
    const closed = new Promise<void>((resolve) => app.server.close(() => resolve()));
    await Promise.race([waitUntilIdle(), delay(graceMs, undefined, { ref: false })]);
    cutConnections();
    await closed;
    await app.close();
  };
  return { app, stop };
}

/** The returned function resolves when no request is under way. */
function followRequests(app: App): () => Promise<void> {
  let underWay = 0;
  let onIdle = (): void => undefined;
  app.addHook('onRequest', async () => {
    underWay += 1;
  });
  app.addHook('onResponse', async () => {
    underWay -= 1;
    if (underWay === 0) onIdle();
  });
  return () =>
    new Promise((resolve) => {
      onIdle = resolve;
      if (underWay === 0) resolve();
    });
}

/** No request here means anything by its body; it is read, up to the limit, and dropped. */
function ignoreBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
}

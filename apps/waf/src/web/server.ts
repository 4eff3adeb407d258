/**
 * The https server of the WAF: oidc-provider on its paths, our pages and assets on ours, a designed page elsewhere.
 *
 * @module
 */
import { followConnections, type TlsMaterial } from '@wicgate/node-kit';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { HostUnknown, WafError } from '../errors.ts';
import type { WafLogger } from '../log.ts';
import { isProviderPath, isSessionPath } from '../oidc/provider.ts';
import { reportFault } from '../oidc/provider-pages.ts';
import { errorPage, type Fault, faults } from '../pages/error-page.ts';
import { addGrantsRoutes, type GrantsRoutesParts } from './grants-routes.ts';
import { addInteractionRoutes, type InteractionParts } from './interaction-routes.ts';
import { bodyLimitOctets, isOversize } from './request-size.ts';
import { securityHeaders } from './security-headers.ts';
import type { SignInLimits } from './sign-in-limits.ts';

export interface ServerParts extends InteractionParts, GrantsRoutesParts {
  readonly tls: TlsMaterial;
  /** Whose X-Forwarded-For is believed. oidc-provider trusts nobody: its addresses are those of the issuer. */
  readonly trustedProxies: readonly string[];
}

export interface WafServer {
  readonly app: FastifyInstance;
  /** Lets running requests end, for a while; then closes every connection. */
  close(): Promise<void>;
}

const requestMs = 10_000;
const connectionLimit = 2_000;
const drainMs = 3_000;

export function createServer(parts: ServerParts): WafServer {
  const { tls, render, site, log, trustedProxies } = parts;
  const showFault = (reply: FastifyReply, fault: Fault): FastifyReply => {
    const { status, headers, body } = render(errorPage(fault, site));
    return reply.code(status).headers(headers).send(body);
  };
  const showError = (error: Error, _request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    showFault(reply, describe(error, log));
  const app = fastify({
    https: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2', handshakeTimeout: requestMs, maxHeaderSize: 16_384 },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: bodyLimitOctets,
    requestTimeout: requestMs,
    keepAliveTimeout: 5_000,
    forceCloseConnections: 'idle',
    frameworkErrors: showError,
  }) as unknown as FastifyInstance;
  app.server.headersTimeout = requestMs;

  addProvider(app, parts);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  app.get('/assets/*', (request, reply) => {
    const asset = site.assets.find(pathOf(request));
    return asset === undefined ? showFault(reply, faults.notFound) : reply.headers(asset.headers).send(asset.content);
  });
  addInteractionRoutes(app, parts);
  addGrantsRoutes(app, parts);
  app.setErrorHandler(showError);
  app.setNotFoundHandler((_request, reply) => showFault(reply, faults.notFound));
  // All connections come from a reverse proxy, if there is one.
  const perAddress = trustedProxies.length > 0 ? connectionLimit : connectionLimit / 2;
  return { app, close: closer(app, perAddress) };
}

/** Requests for oidc-provider bypass fastify before it reads a body. */
function addProvider(app: FastifyInstance, { provider, issuer, render, site, log, limits }: ServerParts): void {
  const answer = provider.callback();
  const headers = new Headers(securityHeaders(issuer));
  const { host } = new URL(issuer);
  app.addHook('onRequest', (request, reply, done) => {
    reply.raw.setHeaders(headers);
    // oidc-provider builds addresses from this header (RFC 9110 7.4).
    if (request.headers.host !== host) return done(new HostUnknown('expected the Host of the issuer'));
    if (!isProviderPath(pathOf(request))) return done();

    reply.hijack();
    const refusal = findRefusal(request, limits);
    if (refusal !== undefined) {
      const page = render(errorPage(refusal, site));
      log.warn({ event: 'request.refused', path: pathOf(request), reason: refusal.code });
      reply.raw.writeHead(page.status, { ...page.headers, connection: 'close' }).end(page.body);
      return;
    }
    answer(request.raw, reply.raw).catch((cause: unknown) => {
      reportFault(log, cause);
      reply.raw.destroy();
    });
  });
}

function findRefusal(request: FastifyRequest, limits: SignInLimits): Fault | undefined {
  const path = pathOf(request);
  if (isOversize(request.raw, path)) return faults.tooLarge;
  if (!isSessionPath(path)) return undefined;
  const overload = limits.admit(request.raw, request.ip, path === '/auth');
  return overload && faults[overload];
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function describe(error: Error, log: WafLogger): Fault {
  const { code, statusCode = 500 } = error as FastifyError | WafError;
  if (statusCode >= 500) {
    reportFault(log, error);
    return faults.server;
  }
  const isForm = error instanceof WafError && !(error instanceof HostUnknown);
  log.warn({ event: isForm ? 'form.refused' : 'request.refused', reason: code });
  if (code === 'ERR_WAF_INTERACTION_EXPIRED') return faults.expired;
  if (code === 'ERR_WAF_FORM_FORGED') return faults.forged;
  if (code === 'ERR_WAF_HOST') return faults.host;
  if (code === 'ERR_WAF_CLIENT_NOT_FOUND') return faults.client;
  if (code === 'ERR_WAF_TOO_MANY_REQUESTS') return faults.tooMany;
  if (statusCode === 413) return faults.tooLarge;
  return { ...faults.request, status: statusCode, code: String(code).toLowerCase() };
}

function closer(app: FastifyInstance, perAddress: number): () => Promise<void> {
  const endAll = followConnections(app.server, { total: connectionLimit, perAddress });
  return async () => {
    const force = setTimeout(endAll, drainMs);
    await app.close();
    clearTimeout(force);
  };
}

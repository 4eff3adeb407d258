/**
 * The second listener of the WAF, for clients that authenticate by certificate on W4 (RFC 8705 5): it asks every client
 * for one, and serves the token endpoints alone.
 *
 * Who shows none, or one of an unknown authority, is refused by oidc-provider with `invalid_client`, not by TLS: so
 * clients read why.
 *
 * @module
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { followConnections, listen, type TlsMaterial } from '@wicgate/node-kit';
import type { WafLogger } from '../log.ts';
import { isClientPath } from '../oidc/provider.ts';
import { reportFault } from '../oidc/provider-pages.ts';
import { isOversize } from './request-size.ts';
import { securityHeaders } from './security-headers.ts';

export interface MtlsServerParts {
  /** Where clients reach it. */
  readonly origin: string;
  readonly address: { readonly host: string; readonly port: number };
  readonly tls: TlsMaterial;
  /** Authorities of the clients' certificates (PEM). */
  readonly ca: Buffer;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly log: WafLogger;
}

const requestMs = 10_000;
/** W4 is for a few programs; none of them can keep the others out. */
const connections = { total: 500, perAddress: 250 };
const drainMs = 3_000;

/**
 * Listens; returns what closes it, once running requests are answered or time is up.
 *
 * @throws {AddressInUse}
 */
export async function startMtlsServer(parts: MtlsServerParts): Promise<() => Promise<void>> {
  const { tls, ca, address } = parts;
  const server = createServer(
    {
      cert: tls.cert,
      key: tls.key,
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: requestMs,
      requestTimeout: requestMs,
      headersTimeout: requestMs,
      keepAliveTimeout: 5_000,
      maxHeaderSize: 16_384,
    },
    createListener(parts),
  );
  const close = createClose(server);
  await listen(server, { ...address, setting: 'WAF_MTLS_PORT' });
  return close;
}

function createListener({ origin, answer, log }: MtlsServerParts): RequestListener {
  const headers = new Headers(securityHeaders(origin));
  const { host } = new URL(origin);
  return (request, response) => {
    response.setHeaders(headers);
    const status = findRefusal(request, host);
    if (status !== undefined) {
      const path = request.url?.split('?', 1)[0];
      log.warn({ event: 'request.refused', path, reason: `http_${status}` });
      response.writeHead(status, { 'content-type': 'application/json', 'connection': 'close' });
      response.end(JSON.stringify({ error: 'invalid_request', error_description: refusals[status] }));
      return;
    }
    answer(request, response).catch((cause: unknown) => {
      reportFault(log, cause);
      response.destroy();
    });
  };
}

const refusals = {
  404: 'expected the path of a token endpoint',
  413: 'expected a smaller request',
  421: 'expected the Host of this listener',
} as const;

function findRefusal(request: IncomingMessage, host: string): keyof typeof refusals | undefined {
  const path = request.url?.split('?', 1)[0] ?? '/';
  if (request.headers.host !== host) return 421;
  if (!isClientPath(path)) return 404;
  return isOversize(request, path) ? 413 : undefined;
}

function createClose(server: Server): () => Promise<void> {
  const endAll = followConnections(server, connections);
  return async () => {
    const force = setTimeout(endAll, drainMs);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    clearTimeout(force);
  };
}

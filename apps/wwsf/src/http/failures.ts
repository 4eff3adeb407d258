/**
 * How failures reach the browser: a status and one word, never a message.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import {
  AccessTokenRefused,
  AccountNotGranted,
  FormForged,
  GuestsTooMany,
  NotSignedIn,
  PoolExhausted,
  SignInsFull,
  SignInsTooFrequent,
  TurnRequestsTooFrequent,
  WwsfError,
} from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import { forged, full, type Notice, notFound, noticePage, tooFrequent } from '../pages/notice-page.ts';
import { renderPage, type Site } from '../pages/page.ts';
import type { App, Reply, Request } from './app.ts';

const retryAfterSeconds = 5;
const minuteSeconds = 60;

export function answerFailures(app: App, log: Logger<LogEvent>, site: Site): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof WwsfError) {
      reportRefusal(error, request, log);
      return answerOwn(error, request, reply, site);
    }
    const status = readStatus(error);
    if (status < 500) return reply.code(status).send({ error: status === 413 ? 'too_large' : 'bad_request' });
    log.error({
      event: 'request.failed',
      path: readPath(request),
      cause: error,
      effect: 'one request failed',
      action: 'report it as a fault of the WWSF',
    });
    return reply.code(500).send({ error: 'internal' });
  });
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).header('cache-control', 'no-store');
    return sendNotice(request, reply, { notice: notFound, error: 'not_found', site });
  });
}

/** The route, not the URL: its query may hold a code. */
export function readPath(request: Request): string {
  return request.routeOptions.url ?? 'unknown';
}

/** Not each page that asks whether somebody is signed in, and not what the WAF is to blame for. */
function reportRefusal(error: WwsfError, request: Request, log: Logger<LogEvent>): void {
  const isOurs = error.statusCode < 500 || error instanceof SignInsFull || error instanceof PoolExhausted;
  if (error instanceof NotSignedIn || !isOurs) return;
  log.warn({ event: 'request.refused', path: readPath(request), code: error.code });
}

function answerOwn(error: WwsfError, request: Request, reply: Reply, site: Site): Reply {
  const { statusCode, publicName } = error;
  reply.code(statusCode).header('cache-control', 'no-store');
  const wait = findWait(error);
  if (wait !== undefined) reply.header('retry-after', String(wait));
  if (error instanceof AccessTokenRefused) reply.header('www-authenticate', `Bearer error="${publicName}"`);
  const notice = findNotice(error);
  if (notice !== undefined) return sendNotice(request, reply, { notice, error: publicName, site });
  return reply.send({ error: publicName, ...(error instanceof AccountNotGranted && { location: error.location }) });
}

/** Seconds until the same request may succeed. */
function findWait(error: WwsfError): number | undefined {
  if (error instanceof GuestsTooMany || error instanceof PoolExhausted) return error.retryAfterSeconds;
  if (error instanceof TurnRequestsTooFrequent) return minuteSeconds;
  if (error instanceof SignInsTooFrequent || error instanceof SignInsFull) return minuteSeconds;
  return error.statusCode === 503 ? retryAfterSeconds : undefined;
}

function findNotice(error: WwsfError): Notice | undefined {
  if (error instanceof SignInsTooFrequent) return tooFrequent;
  if (error instanceof FormForged) return forged;
  return error instanceof SignInsFull ? full : undefined;
}

/** A page for a person, one word for a program. */
function sendNotice(
  { headers }: Request,
  reply: Reply,
  { notice, error, site }: { readonly notice: Notice; readonly error: string; readonly site: Site },
): Reply {
  if (headers.accept?.includes('text/html') !== true) return reply.send({ error });
  const { headers: own, body } = renderPage(noticePage(notice, reply.statusCode), site);
  return reply.headers(own).send(body);
}

function readStatus(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

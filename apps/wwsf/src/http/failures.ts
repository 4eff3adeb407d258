/**
 * How failures reach the browser: a status and one word, never a message.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import { NotSignedIn, SignInsFull, SignInsTooFrequent, WwsfError } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { App, Reply, Request } from './app.ts';
import { full, type Notice, notFound, noticePage, noticePolicy, tooFrequent } from './notice-page.ts';

const retryAfterSeconds = 5;
const minuteSeconds = 60;

export function answerFailures(app: App, log: Logger<LogEvent>): void {
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof WwsfError) return answerOwn(error, request, reply, log);
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
    return sendNotice(request, reply, { notice: notFound, error: 'not_found' });
  });
}

/** The route, not the URL: its query may hold a code. */
export function readPath(request: Request): string {
  return request.routeOptions.url ?? 'unknown';
}

function answerOwn(error: WwsfError, request: Request, reply: Reply, log: Logger<LogEvent>): Reply {
  const { code, statusCode, publicName } = error;
  if (!(error instanceof NotSignedIn) && (statusCode < 500 || error instanceof SignInsFull)) {
    log.warn({ event: 'request.refused', path: readPath(request), code });
  }
  reply.code(statusCode).header('cache-control', 'no-store');
  const notice = findNotice(error);
  if (notice !== undefined) {
    reply.header('retry-after', String(minuteSeconds));
    return sendNotice(request, reply, { notice, error: publicName });
  }
  if (statusCode === 503) reply.header('retry-after', String(retryAfterSeconds));
  return reply.send({ error: publicName });
}

function findNotice(error: WwsfError): Notice | undefined {
  if (error instanceof SignInsTooFrequent) return tooFrequent;
  return error instanceof SignInsFull ? full : undefined;
}

/** A page for a person, one word for a program. */
function sendNotice(
  { headers }: Request,
  reply: Reply,
  { notice, error }: { readonly notice: Notice; readonly error: string },
): Reply {
  if (headers.accept?.includes('text/html') !== true) return reply.send({ error });
  return reply
    .header('content-security-policy', noticePolicy)
    .type('text/html; charset=utf-8')
    .send(noticePage(notice));
}

function readStatus(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}

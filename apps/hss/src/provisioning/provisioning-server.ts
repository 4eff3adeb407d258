/**
 * The provisioning API: JSON over HTTP on a loopback address.
 *
 *     GET    /subscriptions?limit=50&after=<impi>   POST /subscriptions
 *     GET    /subscriptions/:impi                   PUT, PATCH and DELETE the same
 *     POST   /subscriptions/:impi/deregister
 *     and those of identity-range-routes.ts
 *
 * @module
 */
import { AddressInUse } from '@wicgate/node-kit';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { SubscriptionUnknown } from '../errors.ts';
import type { HssLogger } from '../events.ts';
import { refuseBrowsers } from './browser-guard.ts';
import { addIdentityRangeRoutes } from './identity-range-routes.ts';
import type { IdentityRanges } from './identity-ranges.ts';
import { findProblem, type Problem, problem } from './problem.ts';
import type {
  ChangeInput,
  DeregistrationInput,
  PageInput,
  ReplacementInput,
  SubscriptionInput,
} from './subscription-input.ts';
import { changedJson, subscriptionJson } from './subscription-json.ts';
import type { Subscriptions } from './subscriptions.ts';

const bodyLimit = 64 * 1024;
const requestTimeoutMs = 10_000;
const maxConnections = 100;

export interface ProvisioningServer {
  readonly port: number;
  close(): Promise<void>;
}

export interface ProvisioningServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly subscriptions: Subscriptions;
  readonly identityRanges: IdentityRanges;
  readonly log: HssLogger;
}

/** @throws {AddressInUse} */
export async function startProvisioningServer({
  host,
  port,
  subscriptions,
  identityRanges,
  log,
}: ProvisioningServerOptions): Promise<ProvisioningServer> {
  const server = createServer(log);
  addRoutes(server, subscriptions);
  addIdentityRangeRoutes(server, identityRanges);
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    if (isAddressInUse(error)) throw new AddressInUse(host, port, 'HSS_PORT', error);
    throw error;
  }
  const address = server.server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return { port: bound, close: () => server.close() };
}

function createServer(log: HssLogger): FastifyInstance {
  const refuse = createRefuser(log);
  const server = fastify({
    logger: false,
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 2 * requestTimeoutMs,
    forceCloseConnections: true,
    // A private identity has up to 255 characters, and in an address three octets may stand for one.
    routerOptions: { maxParamLength: 3 * 255 },
    frameworkErrors: refuse,
  });
  server.server.maxConnections = maxConnections;
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
    refuseBrowsers(request.headers);
  });
  server.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, problem(404, 'expected an address of the provisioning API', 'ERR_HSS_ADDRESS_UNKNOWN')),
  );
  server.setErrorHandler(refuse);
  return server;
}

/** What nobody expected is for the log: the answer says no more than that it happened. */
function createRefuser(log: HssLogger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const known = findProblem(error);
    const { method } = request;
    if (known !== undefined) {
      log.warn({ event: 'provisioning.refused', method, status: known.status, code: known.code });
      sendProblem(reply, known);
      return;
    }
    const effect = `${method} answered with 500`;
    log.error({ event: 'provisioning.failed', cause: error, effect, action: 'check the database file and the disk' });
    sendProblem(reply, problem(500, 'the HSS failed; its log says why', 'ERR_HSS_FAILED'));
  };
}

/** Bodies and queries go on as they came: {@link Subscriptions} reads them. */
function addRoutes(server: FastifyInstance, subscriptions: Subscriptions): void {
  const one = '/subscriptions/:impi';

  server.get<{ Querystring: PageInput }>('/subscriptions', async (request) => {
    const page = await subscriptions.list(request.query);
    return { subscriptions: page.subscriptions.map(subscriptionJson), next: page.next ?? null };
  });
  server.post<{ Body: SubscriptionInput }>('/subscriptions', async (request, reply) => {
    const subscription = await subscriptions.create(request.body);
    reply.code(201).header('location', `/subscriptions/${encodeURIComponent(subscription.impi)}`);
    return subscriptionJson(subscription);
  });
  server.get<{ Params: { impi: string } }>(one, async (request) => {
    const subscription = await subscriptions.find(request.params.impi);
    if (subscription === undefined) throw new SubscriptionUnknown();
    return subscriptionJson(subscription);
  });
  server.put<{ Params: { impi: string }; Body: ReplacementInput }>(one, async (request) =>
    changedJson(await subscriptions.replace(request.params.impi, request.body)),
  );
  server.patch<{ Params: { impi: string }; Body: ChangeInput }>(one, async (request) =>
    changedJson(await subscriptions.change(request.params.impi, request.body)),
  );
  server.delete<{ Params: { impi: string } }>(one, async (request) => ({
    notifications: await subscriptions.delete(request.params.impi),
  }));
  server.post<{ Params: { impi: string }; Body: DeregistrationInput | undefined }>(
    `${one}/deregister`,
    async (request) => changedJson(await subscriptions.deregister(request.params.impi, request.body ?? {})),
  );
}

function sendProblem(reply: FastifyReply, details: Problem): FastifyReply {
  return reply.code(details.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(details));
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

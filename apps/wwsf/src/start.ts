/**
 * Starts the WWSF.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { listen, type ProcessContext, type RunningFunction, readTlsMaterial } from '@wicgate/node-kit';
import type { Config } from './config.ts';
import { createWebServer, type WebServer } from './http/app.ts';
import { createCookies } from './http/cookies.ts';
import { answerFailures, readPath } from './http/failures.ts';
import { RateLimit } from './http/rate-limit.ts';
import { checkHost } from './http/request-checks.ts';
import { securityHeaders } from './http/security-headers.ts';
import { addSessionRoutes } from './http/session-routes.ts';
import { addSignInRoutes } from './http/sign-in-routes.ts';
import { serveWic } from './http/wic-files.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { AccessTokens } from './sessions/access-tokens.ts';
import { openState, type State } from './sessions/state.ts';
import { OpenIdWaf } from './waf/open-id-waf.ts';

export interface RunningWwsf extends RunningFunction {
  readonly origin: string;
}

/** What the parts below need of each other. */
interface Parts {
  readonly config: Config;
  readonly context: ProcessContext;
  readonly server: WebServer;
  readonly waf: OpenIdWaf;
  readonly state: State;
  readonly metrics: Metrics;
  readonly accessTokens: AccessTokens;
}

/** Requests and renewals under way have this long to end. */
const graceMs = 3_500;

/** @throws {ConfigInvalid | AddressInUse} */
export async function start(config: Config, context: ProcessContext): Promise<RunningWwsf> {
  const parts = await createParts(config, context);
  await addRoutes(parts);
  const { app } = parts.server;
  await app.ready();
  try {
    await listen(app.server, { host: config.WWSF_HOST, port: config.WWSF_PORT, setting: 'WWSF_PORT' });
  } catch (error) {
    await stop(parts);
    throw error;
  }
  parts.waf.start();
  context.operations.addReadiness(`wwsf ${config.WWSF_ORIGIN}`, () => parts.waf.isKnown());
  context.log.info({ event: 'wwsf.listening', origin: config.WWSF_ORIGIN });
  return { origin: config.WWSF_ORIGIN, stop: () => stop(parts) };
}

async function createParts(config: Config, context: ProcessContext): Promise<Parts> {
  const { log, hashIdentity } = context;
  const origin = config.WWSF_ORIGIN;
  const tls = readTlsMaterial({
    cert: config.WWSF_TLS_CERT_FILE,
    key: config.WWSF_TLS_KEY_FILE,
    ca: config.WWSF_WAF_CA_FILE,
  });
  const headers = securityHeaders(origin, config.WWSF_EP_CSCF_URL);
  const waf = new OpenIdWaf({
    issuer: config.WWSF_WAF_ISSUER,
    ca: tls.ca,
    clientId: config.WWSF_CLIENT_ID,
    clientSecret: config.WWSF_CLIENT_SECRET,
    origin,
    log,
  });
  const state = await openStateOf(config, context);
  const metrics = createMetrics(context.operations);
  const accessTokens = new AccessTokens({
    store: state.sessions,
    waf,
    refreshMs: 1_000 * config.WWSF_TOKEN_REFRESH_SECONDS,
    log,
    hashIdentity,
    onRenewal: metrics.countRenewal,
  });
  const server = await createWebServer(tls, {
    maxConnections: config.WWSF_CONNECTIONS,
    headers,
    trustedProxies: config.WWSF_TRUSTED_PROXIES,
  });
  return { config, context, server, waf, state, metrics, accessTokens };
}

function openStateOf(config: Config, { log }: ProcessContext): Promise<State> {
  const limits = {
    sessions: {
      lifetimeMs: 1_000 * config.WWSF_SESSION_LIFETIME_SECONDS,
      idleMs: 1_000 * config.WWSF_SESSION_IDLE_SECONDS,
      perUser: config.WWSF_SESSIONS_PER_USER,
    },
    signIns: {
      lifetimeMs: 1_000 * config.WWSF_SIGN_IN_LIFETIME_SECONDS,
      perBrowser: config.WWSF_SIGN_INS_PER_BROWSER,
      total: config.WWSF_SIGN_INS,
    },
  };
  return openState(config.WWSF_STATE_DIR, limits, (cause) =>
    log.error({
      event: 'state.cleanup-failed',
      cause,
      effect: 'expired sessions stay in the database',
      action: 'look at the disk of WWSF_STATE_DIR',
    }),
  );
}

async function addRoutes({ config, context, server, waf, state, metrics, accessTokens }: Parts): Promise<void> {
  const { app } = server;
  const { log, hashIdentity } = context;
  const origin = config.WWSF_ORIGIN;
  const { host } = new URL(origin);
  const cookies = createCookies(origin, {
    sessionSeconds: config.WWSF_SESSION_LIFETIME_SECONDS,
    signInSeconds: config.WWSF_SIGN_IN_LIFETIME_SECONDS,
  });
  app.addHook('onRequest', async (request) => checkHost(request, host));
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    metrics.observeRequest(readPath(request), statusCode, elapsedTime / 1_000);
    log.debug({ event: 'request.answered', method: request.method, path: readPath(request), status: statusCode });
  });
  answerFailures(app, log);
  const { sessions, pending } = state;
  addSignInRoutes(app, {
    origin,
    waf,
    pending,
    sessions,
    cookies,
    rateLimit: new RateLimit(config.WWSF_SIGN_INS_PER_ADDRESS),
    log,
    hashIdentity,
    onSignIn: metrics.countSignIn,
  });
  addSessionRoutes(app, { origin, waf, sessions, accessTokens, cookies });
  app.get('/configuration', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return {
      epCscfUrl: config.WWSF_EP_CSCF_URL,
      homeDomain: config.WWSF_HOME_DOMAIN,
      turnUris: config.WWSF_TURN_URIS,
      iceTransportPolicy: config.WWSF_ICE_TRANSPORT_POLICY,
    };
  });
  await serveWic(app, config.WWSF_WIC_DIR);
}

/** A renewal that is cut off loses its rotated token, and with it the session: it gets the grace too. */
async function stop({ server, waf, state, accessTokens }: Parts): Promise<void> {
  const startedAt = performance.now();
  await server.stop(graceMs);
  const leftMs = Math.max(0, graceMs - (performance.now() - startedAt));
  await Promise.race([accessTokens.settle(), delay(leftMs, undefined, { ref: false })]);
  waf.stop();
  await state.close();
}

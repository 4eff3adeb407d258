/**
 * The routes of a WWSF (reference point W1).
 *
 * @module
 */
import type { Accounts } from './accounts/accounts.ts';
import { createAuthentication } from './accounts/authentication.ts';
import { KnownBrowsers, knownForSeconds } from './accounts/known-browsers.ts';
import { LoginLimits } from './accounts/login-limits.ts';
import { addConfigurationRoute, findWays } from './http/configuration-route.ts';
import { type Cookies, createCookies } from './http/cookies.ts';
import { answerFailures, readPath } from './http/failures.ts';
import { addGuestRoutes } from './http/guest-routes.ts';
import { addOwnSignInRoutes } from './http/own-sign-in-routes.ts';
import { RateLimit } from './http/rate-limit.ts';
import { checkHost } from './http/request-checks.ts';
import { addSessionRoutes } from './http/session-routes.ts';
import { addSignInRoutes } from './http/sign-in-routes.ts';
import { addTurnRoutes } from './http/turn-routes.ts';
import { serveWic } from './http/wic-files.ts';
import type { Site } from './pages/page.ts';
import type { Parts } from './parts.ts';

export async function addRoutes(parts: Parts): Promise<void> {
  const { config, context, server, waf, state, pool, accessTokens, chooseTurnUris } = parts;
  const { app } = server;
  const origin = config.WWSF_ORIGIN;
  const cookies = createCookies(origin, {
    sessionSeconds: config.WWSF_SESSION_LIFETIME_SECONDS,
    signInSeconds: config.WWSF_SIGN_IN_LIFETIME_SECONDS,
    knownSeconds: knownForSeconds,
  });
  addHooks(parts);
  answerFailures(app, context.log, siteOf(parts));
  addWaysIn(parts, cookies);
  addSessionRoutes(app, { origin, waf, sessions: state.sessions, pool, accessTokens, cookies });
  addTurnRoutesOf(parts, cookies);
  addConfigurationRoute(app, config, { hasPool: pool !== undefined, chooseTurnUris });
  await serveWic(app, config.WWSF_WIC_DIR);
}

function addTurnRoutesOf(parts: Parts, cookies: Cookies): void {
  const { config, context, server, waf, state, metrics, pool, accessTokens, chooseTurnUris, turnCredentials } = parts;
  addTurnRoutes(server.app, {
    waf,
    sessions: state.sessions,
    pool,
    cookies,
    accessTokens,
    chooseTurnUris,
    hasAccess: config.WWSF_TURN_ACCESS,
    credentials: turnCredentials,
    perSession: config.WWSF_TURN_REQUESTS_PER_SESSION,
    log: context.log,
    onHandedOut: metrics.countTurn,
  });
}

function addHooks({ config, context, server, metrics }: Parts): void {
  const { app } = server;
  const { host } = new URL(config.WWSF_ORIGIN);
  app.addHook('onRequest', async (request) => checkHost(request, host));
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    const path = readPath(request);
    metrics.observeRequest(path, statusCode, elapsedTime / 1_000);
    context.log.debug({ event: 'request.answered', method: request.method, path, status: statusCode });
  });
}

/** Only those that the page may offer: what is switched off has no route. */
function addWaysIn(parts: Parts, cookies: Cookies): void {
  const { config, context, server, waf, state, metrics, pool, accessTokens, accounts } = parts;
  const { app } = server;
  const ways = findWays(config, pool !== undefined);
  const { sessions, pending, handedTokens, sealer } = state;
  const origin = config.WWSF_ORIGIN;
  const rateLimit = new RateLimit(config.WWSF_SIGN_INS_PER_ADDRESS);
  const base = { ...context, origin, waf, sessions, accessTokens, handedTokens, sealer, cookies, rateLimit };
  const onSignIn = metrics.countSignIn;
  if (ways.includes('web')) {
    if (accounts === undefined) addSignInRoutes(app, { ...base, pending, onSignIn });
    else
      addOwnSignInRoutes(app, { ...base, ...authenticationOf(parts, accounts), site: siteOf(parts), pool, onSignIn });
  }
  if (ways.includes('guest') && pool !== undefined) {
    const guestLimit = new RateLimit(config.WWSF_GUEST_STARTS_PER_ADDRESS);
    addGuestRoutes(app, { ...base, pool, rateLimit: guestLimit, onGuest: metrics.countGuest });
  }
}

function siteOf({ config }: Parts): Site {
  return { name: config.WWSF_NAME, host: new URL(config.WWSF_ORIGIN).host };
}

function authenticationOf(
  { config, state: { database, sealer } }: Parts,
  accounts: Accounts,
): Pick<Parameters<typeof addOwnSignInRoutes>[1], 'authenticate' | 'knownBrowsers'> {
  const knownBrowsers = new KnownBrowsers(sealer);
  const limits = new LoginLimits(database, sealer, config);
  return { knownBrowsers, authenticate: createAuthentication({ accounts, limits, knownBrowsers }) };
}

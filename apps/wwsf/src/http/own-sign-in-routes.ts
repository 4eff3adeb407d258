/**
 * Signing in where the WWSF authenticates the user itself (TS 33.203 X.3.2.3 step 0.1, client credentials): login page,
 * the user's IMPI and IMPU, a token for them, and a web session.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import type { Account } from '../accounts/account.ts';
import type { AuthenticationResult, Credentials } from '../accounts/authentication.ts';
import type { KnownBrowsers } from '../accounts/known-browsers.ts';
import {
  AccountNotGranted,
  GuestsTooMany,
  PoolExhausted,
  SignInsTooFrequent,
  WafDisagrees,
  WwsfError,
} from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import { grantPage } from '../pages/grant-page.ts';
import { type LoginFault, loginPage } from '../pages/login-page.ts';
import { type Page, renderPage, type Site } from '../pages/page.ts';
import type { IdentityPool } from '../pool/identity-pool.ts';
import { startLeasedSession } from '../pool/leased-session.ts';
import type { AccessTokens } from '../sessions/access-tokens.ts';
import type { HandedTokens } from '../sessions/handed-tokens.ts';
import { createOpaque, hashOpaque, isOpaque } from '../sessions/opaque.ts';
import type { Sealer } from '../sessions/sealer.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { logDisagreement } from '../waf/log-disagreement.ts';
import type { Waf } from '../waf/waf.ts';
import type { App, Reply, Request } from './app.ts';
import type { Cookies } from './cookies.ts';
import { acceptForms, createFormToken, readField, readForm } from './form.ts';
import type { RateLimit } from './rate-limit.ts';
import { checkNavigation } from './request-checks.ts';
import type { SignInOutcome } from './sign-in-routes.ts';

export interface OwnSignInOptions {
  readonly origin: string;
  readonly site: Site;
  readonly authenticate: (credentials: Credentials) => Promise<AuthenticationResult>;
  readonly knownBrowsers: KnownBrowsers;
  readonly waf: Pick<Waf, 'requestToken'>;
  readonly sessions: SessionStore;
  readonly accessTokens: AccessTokens;
  readonly handedTokens: HandedTokens;
  readonly pool: IdentityPool | undefined;
  readonly sealer: Sealer;
  readonly cookies: Cookies;
  readonly rateLimit: RateLimit;
  readonly log: Logger<LogEvent>;
  readonly hashIdentity: (identity: string) => string;
  readonly onSignIn: (outcome: SignInOutcome) => void;
}

interface Login {
  readonly request: Request;
  readonly reply: Reply;
  readonly username: string;
}

export function addOwnSignInRoutes(app: App, options: OwnSignInOptions): void {
  const { origin, sealer, cookies, rateLimit } = options;
  acceptForms(app);

  app.get('/sign-in', async (request, reply) => {
    checkNavigation(request);
    if (!rateLimit.take(request.ip)) throw new SignInsTooFrequent();
    return showLogin({ request, reply, username: '' }, undefined, options);
  });

  app.post('/sign-in', async (request, reply) => {
    if (!rateLimit.take(request.ip)) throw new SignInsTooFrequent();
    const form = readForm(request, { origin, browserId: cookies.signIn.read(request), sealer });
    if (form === undefined) return showLogin({ request, reply, username: '' }, { status: 'expired' }, options);
    const username = readField(form, 'username').trim();
    const password = readField(form, 'password');
    const known = cookies.known.read(request);
    const result = await options.authenticate({ username, password, address: request.ip, known });
    const login = { request, reply, username };
    if (result.status === 'succeeded') return finishSignIn(login, result.account, options);
    options.onSignIn('denied');
    options.log.warn({ event: 'sign-in.refused', reason: result.status });
    return showLogin(login, result, options);
  });
}

/** One browser keeps one id for all its login pages: several tabs may show one. */
function showLogin(
  { request, reply, username }: Login,
  fault: LoginFault | undefined,
  options: OwnSignInOptions,
): Reply {
  const { cookies, sealer } = options;
  const given = cookies.signIn.read(request);
  const browserId = isOpaque(given) ? given : createOpaque();
  cookies.signIn.set(reply, browserId);
  return send(reply, loginPage({ formToken: createFormToken(sealer, browserId), username, fault }), options);
}

async function finishSignIn(login: Login, account: Account, options: OwnSignInOptions): Promise<Reply> {
  const { cookies, knownBrowsers, sessions, accessTokens, log, hashIdentity, onSignIn } = options;
  const { request, reply } = login;
  try {
    const id = await startSession(account, options);
    const former = await sessions.findById(cookies.session.read(request));
    if (former !== undefined) await accessTokens.end(former);
    cookies.session.set(reply, id);
  } catch (error) {
    return showTrouble(error, login, options);
  }
  cookies.signIn.clear(reply);
  cookies.known.set(reply, knownBrowsers.create(account.username));
  onSignIn('signed in');
  log.info({ event: 'session.started', impi: hashIdentity(account.impi ?? account.username) });
  return reply.header('cache-control', 'no-store').redirect('/', 303);
}

/** The id of the new session, for its cookie. */
async function startSession(account: Account, options: OwnSignInOptions): Promise<string> {
  const { waf, sessions, handedTokens, pool } = options;
  const { username: subject, display_name: displayName, impi, impus: all } = account;
  const [first, ...others] = all;
  if (impi === null || first === undefined) {
    if (pool === undefined) throw new WafDisagrees('an account without impi, and no pool');
    const source = options.sealer.mark(`pool user\0${subject}`);
    return startLeasedSession({ ...options, pool }, { kind: 'user', subject, displayName, source });
  }
  const grant = await waf.requestToken({ subject, displayName, impi, impus: [first, ...others] });
  const id = createOpaque();
  await handedTokens.add(hashOpaque(id), grant.tokens);
  await sessions.create(grant, { id, kind: 'user', isLeased: false });
  return id;
}

/** The user is who she says, but there is no token for her. */
function showTrouble(error: unknown, login: Login, options: OwnSignInOptions): Reply {
  if (!(error instanceof WwsfError)) throw error;
  const { log, onSignIn } = options;
  onSignIn(error instanceof AccountNotGranted ? 'denied' : 'unavailable');
  if (error instanceof WafDisagrees) logDisagreement(log, error, 'users cannot sign in');
  else log.warn({ event: 'sign-in.refused', code: error.code });
  if (error instanceof AccountNotGranted) return send(login.reply, grantPage(error.location), options);
  const { retryAfterSeconds = 0 } = error instanceof PoolExhausted || error instanceof GuestsTooMany ? error : {};
  if (error instanceof PoolExhausted) return showLogin(login, { status: 'exhausted', retryAfterSeconds }, options);
  if (error instanceof GuestsTooMany) return showLogin(login, { status: 'everywhere', retryAfterSeconds }, options);
  return showLogin(login, { status: 'unavailable' }, options);
}

function send(reply: Reply, page: Page, { site }: OwnSignInOptions): Reply {
  const { status, headers, body } = renderPage(page, site);
  return reply.code(status).headers(headers).send(body);
}

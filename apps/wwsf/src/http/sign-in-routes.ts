/**
 * Signing in (TS 33.203 X.3.2.3 steps 1 and 2): to the WAF and back, with the code, to a web session.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import {
  SignInDenied,
  SignInFailed,
  SignInsFull,
  SignInsTooFrequent,
  WafDisagrees,
  WafUnavailable,
  WwsfError,
} from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { AccessTokens } from '../sessions/access-tokens.ts';
import { createOpaque, isOpaque } from '../sessions/opaque.ts';
import type { PendingSignIns } from '../sessions/pending-sign-ins.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import { logDisagreement } from '../waf/log-disagreement.ts';
import type { Waf } from '../waf/waf.ts';
import type { App, Reply, Request } from './app.ts';
import type { Cookies } from './cookies.ts';
import type { RateLimit } from './rate-limit.ts';
import { checkNavigation } from './request-checks.ts';

export interface SignInOptions {
  readonly origin: string;
  readonly waf: Waf;
  readonly pending: PendingSignIns;
  readonly sessions: SessionStore;
  readonly accessTokens: AccessTokens;
  readonly cookies: Cookies;
  readonly rateLimit: RateLimit;
  readonly log: Logger<LogEvent>;
  readonly hashIdentity: (impi: string) => string;
  /** Told of each end of a sign-in. */
  readonly onSignIn: (outcome: SignInOutcome) => void;
}

/** The last three are what the page finds in `?sign-in=`. */
export type SignInOutcome = 'signed in' | 'denied' | 'failed' | 'unavailable';

export function addSignInRoutes(app: App, options: SignInOptions): void {
  app.get('/sign-in', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNavigation(request);
    if (!options.rateLimit.take(request.ip)) throw new SignInsTooFrequent();
    try {
      return reply.redirect(await startSignIn(request, reply, options), 303);
    } catch (error) {
      return redirectWithFailure(error, reply, options);
    }
  });

  app.get('/callback', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    try {
      await finishSignIn(request, reply, options);
      options.onSignIn('signed in');
      return reply.redirect('/', 303);
    } catch (error) {
      return redirectWithFailure(error, reply, options);
    }
  });
}

/** One browser keeps one id for all its unfinished sign-ins: several tabs may be at it. */
async function startSignIn(
  request: Request,
  reply: Reply,
  { waf, pending, cookies, log }: SignInOptions,
): Promise<string> {
  const { location, signIn } = await waf.startSignIn();
  const given = cookies.signIn.read(request);
  const browserId = isOpaque(given) ? given : createOpaque();
  await pending.add(signIn, browserId);
  cookies.signIn.set(reply, browserId);
  log.debug({ event: 'sign-in.started' });
  return location;
}

async function finishSignIn(request: Request, reply: Reply, options: SignInOptions): Promise<void> {
  const { origin, waf, pending, sessions, cookies, log, hashIdentity } = options;
  checkNavigation(request);
  const callback = new URL('/callback', origin);
  callback.search = /\?.*$/.exec(request.raw.url ?? '')?.[0] ?? '';
  const [state, ...more] = callback.searchParams.getAll('state');
  const signIn = more.length === 0 ? await pending.take(state, cookies.signIn.read(request)) : undefined;
  if (signIn === undefined) throw new SignInFailed('this browser has no such sign-in');

  const grant = await waf.finishSignIn(callback, signIn);
  await endFormer(request, options);
  cookies.session.set(reply, await sessions.create(grant));
  log.info({ event: 'session.started', impi: hashIdentity(grant.identities.impi) });
}

/** The grant of the session that this one replaces may be the same at the WAF: it is dropped and not revoked. */
async function endFormer(request: Request, { sessions, accessTokens, cookies }: SignInOptions): Promise<void> {
  const former = await sessions.findById(cookies.session.read(request));
  if (former?.flow === 'client credentials') await accessTokens.end(former);
  else if (former !== undefined) await sessions.end(former.key);
}

function redirectWithFailure(error: unknown, reply: Reply, { log, onSignIn }: SignInOptions): Reply {
  if (!(error instanceof WwsfError) || error instanceof SignInsFull) throw error;
  const outcome = readOutcome(error);
  const reason = 'reason' in error ? error.reason : undefined;
  onSignIn(outcome);
  if (error instanceof WafDisagrees) {
    logDisagreement(log, error, 'nobody can sign in');
  } else log.warn({ event: 'sign-in.refused', code: error.code, reason });
  return reply.redirect(`/?sign-in=${outcome}`, 303);
}

function readOutcome(error: WwsfError): Exclude<SignInOutcome, 'signed in'> {
  if (error instanceof SignInDenied) return 'denied';
  return error instanceof WafUnavailable ? 'unavailable' : 'failed';
}

/**
 * What the page asks of its web session: who is signed in, an access token, and to sign out.
 *
 * The page gets the short-lived access token only. Refresh token and ID token stay on the server.
 *
 * @module
 */
import { NotSignedIn } from '../errors.ts';
import type { AccessTokens } from '../sessions/access-tokens.ts';
import type { SessionStore, WebSession } from '../sessions/session-store.ts';
import type { Waf } from '../waf/waf.ts';
import type { App, Request } from './app.ts';
import type { Cookies } from './cookies.ts';
import { checkFromPage, checkNotCrossSite } from './request-checks.ts';

export interface SessionOptions {
  readonly origin: string;
  readonly waf: Waf;
  readonly sessions: SessionStore;
  readonly accessTokens: AccessTokens;
  readonly cookies: Cookies;
}

export function addSessionRoutes(app: App, options: SessionOptions): void {
  const { origin, waf, sessions, accessTokens, cookies } = options;

  app.get('/session', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNotCrossSite(request);
    const session = await sessions.findById(cookies.session.read(request));
    return session === undefined ? { signedIn: false } : describe(session);
  });

  app.get('/token', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNotCrossSite(request);
    const { accessToken, secondsLeft } = await accessTokens.current(await requireSession(request, options));
    return { access_token: accessToken, expires_in: secondsLeft };
  });

  app.post('/sign-out', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const session = await requireSession(request, options);
    checkFromPage(request, origin, session.csrfToken);
    await accessTokens.end(session);
    cookies.session.clear(reply);
    return { location: waf.endSessionLocation(session.tokens.idToken) ?? '/' };
  });
}

/** @throws {NotSignedIn} */
async function requireSession(request: Request, { sessions, cookies }: SessionOptions): Promise<WebSession> {
  const session = await sessions.findById(cookies.session.read(request));
  if (session === undefined) throw new NotSignedIn();
  return session;
}

function describe({ identities, csrfToken }: WebSession): Readonly<Record<string, unknown>> {
  const { displayName, impi, impus } = identities;
  return { signedIn: true, displayName, impi, impu: impus[0], impus, csrfToken };
}

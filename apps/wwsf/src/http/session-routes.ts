/**
 * What the page asks of its web session: who is signed in, an access token, and to sign out.
 *
 * The page gets the short-lived access token only. Refresh token and ID token stay on the server.
 *
 * @module
 */
import type { AccessTokens } from '../sessions/access-tokens.ts';
import type { WebSession } from '../sessions/session-store.ts';
import type { Waf } from '../waf/waf.ts';
import type { App } from './app.ts';
import type { Cookies } from './cookies.ts';
import { findLiveSession, type LiveSessionParts, requireLiveSession } from './live-session.ts';
import { checkFromPage, checkNotCrossSite } from './request-checks.ts';

export interface SessionOptions extends LiveSessionParts {
  readonly origin: string;
  readonly waf: Waf;
  readonly accessTokens: AccessTokens;
  readonly cookies: Cookies;
}

export function addSessionRoutes(app: App, options: SessionOptions): void {
  const { origin, waf, accessTokens, cookies } = options;

  app.get('/session', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNotCrossSite(request);
    const session = await findLiveSession(request, options);
    return session === undefined ? { signedIn: false } : describeSession(session);
  });

  app.get('/token', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNotCrossSite(request);
    const { accessToken, secondsLeft } = await accessTokens.current(await requireLiveSession(request, options));
    return { access_token: accessToken, expires_in: secondsLeft };
  });

  app.post('/sign-out', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const session = await requireLiveSession(request, options);
    checkFromPage(request, origin, session.csrfToken);
    await accessTokens.end(session);
    cookies.session.clear(reply);
    return { location: whereTo(session, waf) };
  });
}

/** What the page may know of its session. */
export function describeSession({ kind, identities, csrfToken }: WebSession): Readonly<Record<string, unknown>> {
  const { displayName, impi, impus } = identities;
  return { signedIn: true, kind, displayName, impi, impu: impus[0], impus, csrfToken };
}

/** Who signed in at the WAF signs out there too; others have no session there. */
function whereTo({ flow, tokens }: WebSession, waf: Waf): string {
  return (flow === 'authorization code' ? waf.endSessionLocation(tokens.idToken) : undefined) ?? '/';
}

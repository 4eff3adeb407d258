/**
 * The web session of a request. Where its identities are leased, it lives only as long as the lease
 * (TS 33.203 X.4.2.1).
 *
 * @module
 */
import { NotSignedIn } from '../errors.ts';
import type { IdentityPool } from '../pool/identity-pool.ts';
import type { SessionStore, WebSession } from '../sessions/session-store.ts';
import type { Request } from './app.ts';
import type { Cookies } from './cookies.ts';

export interface LiveSessionParts {
  readonly sessions: Pick<SessionStore, 'findById'>;
  readonly cookies: Pick<Cookies, 'session'>;
  readonly pool: Pick<IdentityPool, 'isLive' | 'renew'> | undefined;
}

export async function findLiveSession(
  request: Request,
  { sessions, cookies, pool }: LiveSessionParts,
): Promise<WebSession | undefined> {
  const session = await sessions.findById(cookies.session.read(request));
  if (session === undefined || !session.isLeased) return session;
  // The page of a guest renews its lease; whatever the page of a user asks for does.
  const isLive = session.kind === 'guest' ? pool?.isLive(session.key) : pool?.renew(session.key, 'user');
  return (await isLive) === true ? session : undefined;
}

/** @throws {NotSignedIn} */
export async function requireLiveSession(request: Request, parts: LiveSessionParts): Promise<WebSession> {
  const session = await findLiveSession(request, parts);
  if (session === undefined) throw new NotSignedIn();
  return session;
}

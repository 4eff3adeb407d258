/**
 * What a page or a program gets to use a TURN server with (TS 33.203 X.5).
 *
 * `GET /turn-access` relays a token of the WAF for TURN clients that know RFC 7635 (X.5.3.2 steps 2 to 6). Browsers
 * have no such client any more; for them `GET /turn-credential` gives a credential of X.5.2 in exchange for a session or
 * for an access token.
 *
 * @module
 */
import type { Logger } from '@wicgate/node-kit';
import { AccessTokenRefused, TurnRequestsTooFrequent, WafDisagrees } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { AccessTokens } from '../sessions/access-tokens.ts';
import type { WebSession } from '../sessions/session-store.ts';
import type { TurnCredentials } from '../turn/turn-credentials.ts';
import type { ChooseTurnUris } from '../turn/turn-servers.ts';
import { logDisagreement } from '../waf/log-disagreement.ts';
import type { Waf } from '../waf/waf.ts';
import type { App, Request } from './app.ts';
import { type LiveSessionParts, requireLiveSession } from './live-session.ts';
import { RateLimit } from './rate-limit.ts';
import { checkNotCrossSite } from './request-checks.ts';

export interface TurnOptions extends LiveSessionParts {
  readonly waf: Pick<Waf, 'requestTurnAccess' | 'verifyToken'>;
  readonly accessTokens: Pick<AccessTokens, 'current'>;
  readonly chooseTurnUris: ChooseTurnUris;
  /** Whether there are tokens of the WAF for TURN. */
  readonly hasAccess: boolean;
  /** Undefined: no credentials from here. */
  readonly credentials: TurnCredentials | undefined;
  /** Requests of one session, or of the bearer of one sign-in's tokens, within a minute. */
  readonly perSession: number;
  readonly log: Logger<LogEvent>;
  readonly onHandedOut: (kind: 'access token' | 'credential') => void;
}

/** Tokens that one address may bring within a minute, right or wrong: each costs a verification. */
const bearersPerAddress = 600;

export function addTurnRoutes(app: App, options: TurnOptions): void {
  const { hasAccess, credentials } = options;
  const limit = new RateLimit(options.perSession);
  if (hasAccess) addAccessRoute(app, options, limit);
  if (credentials !== undefined) addCredentialRoute(app, options, credentials, limit);
}

function addAccessRoute(app: App, options: TurnOptions, limit: RateLimit): void {
  const { waf, chooseTurnUris, log, onHandedOut } = options;
  app.get('/turn-access', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNotCrossSite(request);
    take(limit, (await authenticate(request, options)).key);
    const access = await waf.requestTurnAccess().catch((error: unknown) => {
      if (error instanceof WafDisagrees) logDisagreement(log, error, 'nobody gets a token for TURN');
      throw error;
    });
    onHandedOut('access token');
    return {
      access_token: access.accessToken,
      token_type: access.tokenType,
      expires_in: access.expiresInSeconds,
      kid: access.kid,
      key: access.key,
      alg: access.alg,
      ...(access.serverName !== undefined && { server_name: access.serverName }),
      uris: chooseTurnUris(),
    };
  });
}

function addCredentialRoute(app: App, options: TurnOptions, credentials: TurnCredentials, limit: RateLimit): void {
  const { chooseTurnUris, onHandedOut } = options;
  const bearerLimit = new RateLimit(bearersPerAddress);
  app.get('/turn-credential', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkNotCrossSite(request);
    const owner =
      request.headers.authorization === undefined
        ? (await authenticate(request, options)).key
        : await authenticateBearer(request, options, bearerLimit);
    take(limit, owner);
    const { username, password, expiresInSeconds } = credentials.of(owner);
    onHandedOut('credential');
    return { username, password, expires_in: expiresInSeconds, uris: chooseTurnUris() };
  });
}

/**
 * X.5.3.2 step 3: the session has authenticated its user, or needs none; what counts is that it would get an access
 * token for the IMS now. The WAF is asked where the one at hand is about to expire.
 */
async function authenticate(request: Request, options: TurnOptions): Promise<WebSession> {
  const session = await requireLiveSession(request, options);
  await options.accessTokens.current(session);
  return session;
}

/** RFC 6750 2.1. */
async function authenticateBearer(request: Request, { waf }: TurnOptions, limit: RateLimit): Promise<string> {
  take(limit, request.ip);
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new AccessTokenRefused();
  return waf.verifyToken(token);
}

function take(limit: RateLimit, owner: string): void {
  if (!limit.take(owner)) throw new TurnRequestsTooFrequent();
}

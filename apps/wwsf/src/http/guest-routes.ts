/**
 * Guests: anonymous users with an identity of the pool for a while (TS 33.203 X.4.2.3 step 0.1: the WWSF may choose not
 * to authenticate the user).
 *
 * @module
 */
import { type Logger, networkOf } from '@wicgate/node-kit';
import { AlreadySignedIn, GuestsTooMany, NotSignedIn, PoolExhausted, WafDisagrees } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { IdentityPool } from '../pool/identity-pool.ts';
import { type LeasedSessionParts, startLeasedSession } from '../pool/leased-session.ts';
import type { Sealer } from '../sessions/sealer.ts';
import { logDisagreement } from '../waf/log-disagreement.ts';
import type { App, Request } from './app.ts';
import type { Cookies } from './cookies.ts';
import { findLiveSession, requireLiveSession } from './live-session.ts';
import type { RateLimit } from './rate-limit.ts';
import { checkFromPage, checkFromScript } from './request-checks.ts';
import { describeSession } from './session-routes.ts';

export interface GuestOptions extends LeasedSessionParts {
  readonly origin: string;
  readonly pool: IdentityPool;
  readonly cookies: Cookies;
  readonly sealer: Pick<Sealer, 'mark'>;
  readonly rateLimit: RateLimit;
  readonly log: Logger<LogEvent>;
  readonly onGuest: (outcome: GuestOutcome) => void;
}

export type GuestOutcome = 'started' | 'limited' | 'exhausted' | 'failed';

const minuteSeconds = 60;

export function addGuestRoutes(app: App, options: GuestOptions): void {
  const { origin, pool, cookies, onGuest } = options;

  app.post('/guest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    checkFromScript(request, origin);
    const existing = await findLiveSession(request, options);
    if (existing?.kind === 'user') throw new AlreadySignedIn();
    if (existing !== undefined) return reply.code(201).send(describeSession(existing));
    try {
      cookies.session.set(reply, await startGuest(request, options));
    } catch (error) {
      onGuest(outcomeOf(error));
      if (error instanceof WafDisagrees) logDisagreement(options.log, error, 'nobody can be a guest');
      throw error;
    }
    onGuest('started');
    return reply.code(201).send({});
  });

  app.post('/guest/renewal', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const session = await requireLiveSession(request, options);
    checkFromPage(request, origin, session.csrfToken);
    if (session.isLeased && !(await pool.renew(session.key, session.kind))) throw new NotSignedIn();
    return reply.code(204).send();
  });
}

async function startGuest(request: Request, options: GuestOptions): Promise<string> {
  const { sealer, rateLimit, log } = options;
  if (!rateLimit.take(request.ip)) throw new GuestsTooMany(minuteSeconds);
  const source = sealer.mark(`guest\0${networkOf(request.ip)}`);
  const guest = { kind: 'guest', subject: undefined, displayName: 'Guest', source } as const;
  const id = await startLeasedSession(options, guest);
  log.info({ event: 'guest.started', clause: 'TS 33.203 X.4.2.3', step: '0.1' });
  return id;
}

function outcomeOf(error: unknown): GuestOutcome {
  if (error instanceof GuestsTooMany) return 'limited';
  return error instanceof PoolExhausted ? 'exhausted' : 'failed';
}

/**
 * A web session with identities of the pool (TS 33.203 X.4.2.3 steps 0 and 1): lease, token by client credentials,
 * session. The user may be anonymous.
 *
 * @module
 */
import { AccountNotGranted, WafDisagrees, WafUnavailable } from '../errors.ts';
import type { HandedTokens } from '../sessions/handed-tokens.ts';
import { createOpaque, hashOpaque } from '../sessions/opaque.ts';
import type { SessionKind, SessionStore } from '../sessions/session-store.ts';
import type { Grant } from '../waf/grant.ts';
import type { Waf } from '../waf/waf.ts';
import type { IdentityPool } from './identity-pool.ts';

export interface LeasedSessionParts {
  readonly pool: IdentityPool;
  readonly waf: Pick<Waf, 'requestToken'>;
  readonly sessions: SessionStore;
  readonly handedTokens: HandedTokens;
}

export interface Leaseholder {
  readonly kind: SessionKind;
  /** Names a user who signed in; undefined for a guest, who has no name. */
  readonly subject: string | undefined;
  readonly displayName: string;
  /** Keyed hash of a guest's address or a user's name. */
  readonly source: string;
}

/**
 * The id of the new session, for its cookie.
 *
 * @throws {GuestsTooMany | PoolExhausted | WafUnavailable}
 * @throws {WafDisagrees} also where the WAF does not take the pair for one of this WWSF's pool (REQ 3.2).
 */
export async function startLeasedSession(parts: LeasedSessionParts, holder: Leaseholder): Promise<string> {
  const id = createOpaque();
  const key = hashOpaque(id);
  const grant = await leaseWithToken(parts, holder, key);
  const handed = await parts.handedTokens.add(key, grant.tokens);
  await parts.sessions.create(grant, { id, kind: holder.kind, isLeased: true });
  if (await parts.pool.isLive(key)) return id;
  // The WAF took longer than the lease lasts. The pair may be somebody else's by now, and nobody has seen the token.
  await parts.sessions.end(key);
  await parts.handedTokens.remove([handed]);
  throw new WafUnavailable('no token in time');
}

async function leaseWithToken({ pool, waf }: LeasedSessionParts, holder: Leaseholder, key: string): Promise<Grant> {
  const { impi, impu } = await pool.take({ key, kind: holder.kind, source: holder.source });
  const { subject = impi, displayName } = holder;
  try {
    return await waf.requestToken({ subject, displayName, impi, impus: [impu] });
  } catch (error) {
    await pool.abandon(key);
    if (error instanceof AccountNotGranted) throw new WafDisagrees('the pool is not one of this WWSF at the WAF');
    throw error;
  }
}

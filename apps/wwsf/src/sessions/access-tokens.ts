/**
 * The access token of a web session, renewed in time.
 *
 * Refresh tokens rotate: the WAF takes a second use of one for theft and ends the grant. So one renewal runs at a time
 * for a session, everybody who asks meanwhile gets its outcome, and it starts from what the store holds then.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@wicgate/node-kit';
import { AccountNotGranted, GrantRefused, NotSignedIn, WafDisagrees } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { IdentityPool } from '../pool/identity-pool.ts';
import type { Tokens } from '../waf/grant.ts';
import { logDisagreement } from '../waf/log-disagreement.ts';
import type { Waf } from '../waf/waf.ts';
import type { HandedTokens } from './handed-tokens.ts';
import type { SessionStore, WebSession } from './session-store.ts';

export interface AccessTokensOptions {
  readonly store: SessionStore;
  readonly handedTokens: HandedTokens;
  readonly waf: Waf;
  readonly pool: Pick<IdentityPool, 'end'> | undefined;
  /** Whether the WWSF still knows a user whom it signs in itself. */
  readonly isKnown: (subject: string) => boolean;
  /** A token with less left than this is renewed. */
  readonly refreshMs: number;
  readonly log: Logger<LogEvent>;
  readonly hashIdentity: (impi: string) => string;
  /** Told of each renewal. */
  readonly onRenewal: (outcome: 'renewed' | 'refused' | 'failed') => void;
  readonly now?: () => number;
}

export interface CurrentToken {
  readonly accessToken: string;
  readonly secondsLeft: number;
}

const revocationMs = 3_000;

export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #now: () => number;
  readonly #renewals = new Map<string, Promise<WebSession>>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /**
   * @throws {NotSignedIn | AccountNotGranted} the WAF ended the grant, and so the session ended.
   * @throws {WafUnavailable | WafDisagrees} the session stays.
   */
  async current(session: WebSession): Promise<CurrentToken> {
    const { tokens } = this.#isFresh(session) ? session : await this.#renewal(session.key);
    const msLeft = tokens.accessTokenExpiresAt - this.#now();
    return { accessToken: tokens.accessToken, secondsLeft: Math.max(0, Math.floor(msLeft / 1_000)) };
  }

  /**
   * Ends a session here in any case, then its grant at the WAF if that answers in time. A renewal under way finds the
   * session gone and revokes what it got.
   */
  async end(session: WebSession): Promise<void> {
    await this.#end(session, 'signed out');
  }

  /** Resolves when no renewal is under way. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#renewals.values());
  }

  #isFresh({ tokens }: WebSession): boolean {
    return tokens.accessTokenExpiresAt - this.#now() >= this.#options.refreshMs;
  }

  #renewal(key: string): Promise<WebSession> {
    const running = this.#renewals.get(key);
    if (running !== undefined) return running;
    const renewal = this.#renew(key).finally(() => this.#renewals.delete(key));
    this.#renewals.set(key, renewal);
    return renewal;
  }

  async #renew(key: string): Promise<WebSession> {
    const { store, handedTokens, log, hashIdentity, onRenewal } = this.#options;
    const session = await store.find(key);
    if (session === undefined) throw new NotSignedIn();
    if (this.#isFresh(session)) return session;
    const renewed = { ...session, ...(await this.#ask(session)) };
    const handed = renewed.flow === 'client credentials' ? [await handedTokens.add(key, renewed.tokens)] : [];
    if (!(await store.replace(renewed))) {
      await this.#revoke(tokensOf(renewed));
      await handedTokens.remove(handed);
      throw new NotSignedIn();
    }
    onRenewal('renewed');
    log.debug({ event: 'token.renewed', impi: hashIdentity(session.identities.impi) });
    return renewed;
  }

  async #ask(session: WebSession): ReturnType<Waf['renew']> {
    const { waf, log, onRenewal } = this.#options;
    try {
      return await (session.flow === 'client credentials' ? this.#askForOurs(session) : waf.renew(session));
    } catch (error) {
      if (error instanceof GrantRefused || error instanceof AccountNotGranted) {
        onRenewal('refused');
        await this.#end(session, 'refused by the WAF');
        throw error instanceof GrantRefused || session.isLeased ? new NotSignedIn() : error;
      }
      onRenewal('failed');
      if (error instanceof WafDisagrees) logDisagreement(log, error, 'tokens are not renewed');
      throw error;
    }
  }

  /** @throws {GrantRefused} the user's account is gone. */
  async #askForOurs({ kind, identities }: WebSession): ReturnType<Waf['requestToken']> {
    const { waf, isKnown } = this.#options;
    if (kind === 'user' && !isKnown(identities.subject)) throw new GrantRefused();
    return waf.requestToken(identities);
  }

  async #end(session: WebSession, reason: string): Promise<void> {
    const { store, pool, handedTokens, log, hashIdentity } = this.#options;
    const { key, flow, isLeased, identities } = session;
    log.info({ event: 'session.ended', reason, impi: hashIdentity(identities.impi) });
    if (isLeased && pool !== undefined) {
      await pool.end(key);
      return;
    }
    await store.end(key);
    const handed = flow === 'client credentials' ? await handedTokens.of(key) : [];
    const isRevoked = await this.#revoke(handed.length > 0 ? handed.map(revocable) : tokensOf(session));
    // The others are orphans now (orphaned-tokens.ts).
    if (isRevoked) await handedTokens.remove(handed);
  }

  /** Best effort, in time for who waits. */
  async #revoke(tokens: readonly Revocable[]): Promise<boolean> {
    const { waf, log } = this.#options;
    const giveUp = new AbortController();
    const tooLate = delay(revocationMs, 'too late' as const, { signal: giveUp.signal, ref: false });
    const revokeAll = async (): Promise<'revoked'> => {
      for (const { token, kind } of tokens) await waf.revoke(token, kind);
      return 'revoked';
    };
    const outcome = await Promise.race([revokeAll().catch(() => 'failed' as const), tooLate]);
    giveUp.abort();
    if (outcome !== 'revoked') log.warn({ event: 'revocation.failed', reason: outcome });
    return outcome === 'revoked';
  }
}

interface Revocable {
  readonly token: string;
  readonly kind: 'access_token' | 'refresh_token';
}

/** The refresh token first: with it ends the whole grant, and with the access token what was registered with it. */
function tokensOf({ tokens }: { readonly tokens: Tokens }): readonly Revocable[] {
  const { refreshToken, accessToken } = tokens;
  const refresh = refreshToken === undefined ? [] : [{ token: refreshToken, kind: 'refresh_token' } as const];
  return [...refresh, revocable({ accessToken })];
}

function revocable({ accessToken }: Pick<Tokens, 'accessToken'>): Revocable {
  return { token: accessToken, kind: 'access_token' };
}

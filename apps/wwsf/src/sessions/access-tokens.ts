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
import { GrantRefused, NotSignedIn, WafDisagrees } from '../errors.ts';
import type { LogEvent } from '../log-event.ts';
import type { Waf } from '../waf/waf.ts';
import type { SessionStore, WebSession } from './session-store.ts';

export interface AccessTokensOptions {
  readonly store: SessionStore;
  readonly waf: Waf;
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
   * @throws {NotSignedIn} the WAF ended the grant, and so the session ended.
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
  async end({ key, identities, tokens }: WebSession): Promise<void> {
    const { store, log, hashIdentity } = this.#options;
    await store.end(key);
    log.info({ event: 'session.ended', reason: 'signed out', impi: hashIdentity(identities.impi) });
    await this.#revoke(tokens.refreshToken);
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
    const { store, log, hashIdentity, onRenewal } = this.#options;
    const session = await store.find(key);
    if (session === undefined) throw new NotSignedIn();
    if (this.#isFresh(session)) return session;
    const renewed = { ...session, ...(await this.#ask(session)) };
    if (!(await store.replace(renewed))) {
      await this.#revoke(renewed.tokens.refreshToken);
      throw new NotSignedIn();
    }
    onRenewal('renewed');
    log.debug({ event: 'token.renewed', impi: hashIdentity(session.identities.impi) });
    return renewed;
  }

  async #ask(session: WebSession): ReturnType<Waf['renew']> {
    const { store, waf, log, hashIdentity, onRenewal } = this.#options;
    const impi = hashIdentity(session.identities.impi);
    try {
      return await waf.renew(session);
    } catch (error) {
      if (error instanceof GrantRefused) {
        onRenewal('refused');
        await store.end(session.key);
        log.info({ event: 'session.ended', reason: 'refused by the WAF', impi });
        throw new NotSignedIn();
      }
      onRenewal('failed');
      if (error instanceof WafDisagrees) logDisagreement(log, error.reason);
      throw error;
    }
  }

  /** Best effort: what cannot be revoked expires at the WAF, and nobody holds it any more. */
  async #revoke(refreshToken: string | undefined): Promise<void> {
    if (refreshToken === undefined) return;
    const { waf, log } = this.#options;
    const giveUp = new AbortController();
    const tooLate = delay(revocationMs, 'too late' as const, { signal: giveUp.signal, ref: false });
    const revoked = waf.revoke(refreshToken).then(
      () => 'revoked' as const,
      () => 'failed' as const,
    );
    const outcome = await Promise.race([revoked, tooLate]);
    giveUp.abort();
    if (outcome !== 'revoked') log.warn({ event: 'revocation.failed', reason: outcome });
  }
}

function logDisagreement(log: Logger<LogEvent>, reason: string): void {
  log.error({
    event: 'waf.disagrees',
    reason,
    effect: 'tokens are not renewed',
    action: 'compare the client at the WAF with WWSF_CLIENT_ID, WWSF_CLIENT_SECRET and its scopes',
  });
}

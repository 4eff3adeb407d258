/**
 * How many tokens one client may ask for in a minute, and how many revoke, counted once it has authenticated: strangers
 * use up nobody's, and who has asked for too many can still take them back.
 *
 * @module
 */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { WafLogger } from '../log.ts';

const windowMs = 60_000;
const limitedRoutes: ReadonlySet<string | undefined> = new Set(['token', 'revocation']);

/** RFC 6585 4. */
class TooManyTokenRequests extends errors.CustomOIDCProviderError {
  constructor() {
    super('temporarily_unavailable', 'expected fewer token requests of this client; Retry-After says when to go on');
    this.status = 429;
    this.statusCode = 429;
  }
}

export class TokenLimits {
  readonly #limit: number;
  readonly #log: WafLogger;
  readonly #now: () => number;
  /** At most two entries for each configured client. */
  readonly #counts = new Map<string, number>();
  readonly #counted = new WeakSet<object>();
  #windowEndsAtMs = 0;

  /** `now` never goes back, as a clock may: a window would last for as long. */
  constructor(limit: number, log: WafLogger, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#log = log;
    this.#now = now;
  }

  /**
   * Counts a request for a token, or for the revocation of one, once.
   *
   * @throws {errors.OIDCProviderError} there were too many.
   */
  admit(ctx: KoaContextWithOIDC): void {
    const { route } = ctx.oidc;
    const clientId = ctx.oidc.client?.clientId;
    if (!limitedRoutes.has(route) || clientId === undefined || this.#counted.has(ctx)) return;
    this.#counted.add(ctx);
    if (this.#now() >= this.#windowEndsAtMs) {
      this.#counts.clear();
      this.#windowEndsAtMs = this.#now() + windowMs;
    }
    const key = `${route} ${clientId}`;
    const count = this.#counts.get(key) ?? 0;
    if (count >= this.#limit) {
      this.#log.warn({ event: 'token.limited', clientId });
      ctx.set('retry-after', String(Math.ceil((this.#windowEndsAtMs - this.#now()) / 1_000)));
      throw new TooManyTokenRequests();
    }
    this.#counts.set(key, count + 1);
  }
}

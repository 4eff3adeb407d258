/**
 * Sign-ins on their way through the WAF: what the callback needs, kept on the server and bound to one browser.
 *
 * Each can be taken once. They are bounded for a browser and in total; the oldest gives way, because refusing new ones
 * would let a slow trickle of requests keep everybody out.
 *
 * @module
 */
import type { Database } from './database.ts';
import { hashOpaque, isOpaque } from './opaque.ts';
import type { Sealer } from './sealer.ts';

/** `state` and `nonce` of OpenID Connect Core 3.1.2.1 and the code verifier of RFC 7636. */
export interface SignIn {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface SignInLimits {
  readonly lifetimeMs: number;
  readonly perBrowser: number;
  readonly total: number;
}

/** One is added at a time, so that the surplus never grows; the bound is for a limit that an operator has lowered. */
const surplusAtOnce = 100;

export class PendingSignIns {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #limits: SignInLimits;
  readonly #now: () => number;

  constructor(database: Database, sealer: Sealer, limits: SignInLimits, now: () => number = Date.now) {
    this.#database = database;
    this.#sealer = sealer;
    this.#limits = limits;
    this.#now = now;
  }

  async add(signIn: SignIn, browserId: string): Promise<void> {
    const key = hashOpaque(signIn.state);
    const browser = hashOpaque(browserId);
    const sealed = this.#sealer.seal(JSON.stringify(signIn), `sign-in ${key}`);
    await this.#database
      .insertInto('pending_sign_in')
      .values({ key, browser, sealed, created_at: this.#now() })
      .execute();
    await this.#dropOldest(this.#limits.perBrowser, browser);
    await this.#dropOldest(this.#limits.total);
  }

  /** The sign-in that `browserId` started with `state`; it is gone afterwards. undefined: unknown, used or expired. */
  async take(state: string | undefined, browserId: string | undefined): Promise<SignIn | undefined> {
    if (!isOpaque(state) || !isOpaque(browserId)) return undefined;
    const key = hashOpaque(state);
    const row = await this.#database
      .deleteFrom('pending_sign_in')
      .where('key', '=', key)
      .where('browser', '=', hashOpaque(browserId))
      .where('created_at', '>', this.#now() - this.#limits.lifetimeMs)
      .returning('sealed')
      .executeTakeFirst();
    const opened = row && this.#sealer.open(row.sealed, `sign-in ${key}`);
    return opened === undefined ? undefined : (JSON.parse(opened) as SignIn);
  }

  async deleteExpired(): Promise<void> {
    await this.#database
      .deleteFrom('pending_sign_in')
      .where('created_at', '<=', this.#now() - this.#limits.lifetimeMs)
      .execute();
  }

  async #dropOldest(keep: number, browser?: string): Promise<void> {
    const newestFirst = this.#database
      .selectFrom('pending_sign_in')
      .select('key')
      .orderBy('created_at', 'desc')
      .offset(keep)
      .limit(surplusAtOnce);
    const surplus = browser === undefined ? newestFirst : newestFirst.where('browser', '=', browser);
    await this.#database.deleteFrom('pending_sign_in').where('key', 'in', surplus).execute();
  }
}

/**
 * Sign-ins on their way through the WAF: what the callback needs, kept on the server and bound to one browser.
 *
 * Each can be taken once. They are bounded for a browser, whose oldest gives way, and in total. When all places are taken
 * no more can start: whoever starts many must not push out the sign-ins of others.
 *
 * @module
 */
import { SignInsFull } from '../errors.ts';
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

  /** @throws {SignInsFull} */
  async add(signIn: SignIn, browserId: string): Promise<void> {
    const key = hashOpaque(signIn.state);
    const browser = hashOpaque(browserId);
    const sealed = this.#sealer.seal(JSON.stringify(signIn), `sign-in ${key}`);
    await this.#database.transaction().execute(async (transaction) => {
      await this.#makeRoom(transaction, browser);
      await transaction
        .insertInto('pending_sign_in')
        .values({ key, browser, sealed, created_at: this.#now() })
        .execute();
    });
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

  /** The oldest of this browser give way, and nobody else's. */
  async #makeRoom(transaction: Database, browser: string): Promise<void> {
    const { perBrowser, total, lifetimeMs } = this.#limits;
    const own = await transaction
      .selectFrom('pending_sign_in')
      .select('key')
      .where('browser', '=', browser)
      .orderBy('created_at', 'desc')
      .execute();
    const { live } = await transaction
      .selectFrom('pending_sign_in')
      .select(({ fn }) => fn.countAll<number>().as('live'))
      .where('created_at', '>', this.#now() - lifetimeMs)
      .executeTakeFirstOrThrow();
    const kept = Math.min(perBrowser - 1, live < total ? own.length : own.length - 1);
    if (kept < 0) throw new SignInsFull();
    const surplus = own.slice(kept).map(({ key }) => key);
    await transaction.deleteFrom('pending_sign_in').where('key', 'in', surplus).execute();
  }
}

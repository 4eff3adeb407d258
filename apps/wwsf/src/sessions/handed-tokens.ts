/**
 * The access tokens that a page was given by client credentials, kept until they are revoked (RFC 7009).
 *
 * No refresh token stands for them all at the WAF, and a registration may outlive the token that it was made with: all
 * that a page was given must be revoked, also by a WWSF that has been restarted meanwhile.
 *
 * @module
 */
import type { Tokens } from '../waf/grant.ts';
import type { Database } from './database.ts';
import type { Sealer } from './sealer.ts';

export interface HandedToken {
  readonly id: number;
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Of one session; the oldest give way. A page asks for one at each registration, every few minutes at most. */
const perSession = 64;
/** No registration lasts longer than this after its token: then nothing is left to end. */
const keptMs = 86_400_000;

export class HandedTokens {
  readonly #database: Database;
  readonly #sealer: Sealer;
  readonly #now: () => number;

  constructor(database: Database, sealer: Sealer, now: () => number = Date.now) {
    this.#database = database;
    this.#sealer = sealer;
    this.#now = now;
  }

  /** Before the page gets it. */
  async add(
    session: string,
    { accessToken, accessTokenExpiresAt }: Pick<Tokens, 'accessToken' | 'accessTokenExpiresAt'>,
  ): Promise<void> {
    const sealed = this.#sealer.seal(accessToken, labelOf(session));
    await this.#database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('handed_token')
        .values({ session, sealed, expires_at: accessTokenExpiresAt })
        .execute();
      const surplus = transaction
        .selectFrom('handed_token')
        .select('id')
        .where('session', '=', session)
        .orderBy('id', 'desc')
        .offset(perSession)
        .limit(perSession);
      await transaction.deleteFrom('handed_token').where('id', 'in', surplus).execute();
    });
  }

  /** The newest first: with it the registration that stands now was most likely made. */
  async of(session: string): Promise<readonly HandedToken[]> {
    const rows = await this.#database
      .selectFrom('handed_token')
      .select(['id', 'sealed', 'expires_at'])
      .where('session', '=', session)
      .orderBy('id', 'desc')
      .execute();
    return rows.flatMap(({ id, sealed, expires_at: expiresAt }) => {
      const accessToken = this.#sealer.open(sealed, labelOf(session));
      return accessToken === undefined ? [] : [{ id, accessToken, expiresAt }];
    });
  }

  async remove(id: number): Promise<void> {
    await this.#database.deleteFrom('handed_token').where('id', '=', id).execute();
  }

  async removeAll(session: string): Promise<void> {
    await this.#database.deleteFrom('handed_token').where('session', '=', session).execute();
  }

  async deleteExpired(): Promise<void> {
    await this.#database
      .deleteFrom('handed_token')
      .where('expires_at', '<=', this.#now() - keptMs)
      .execute();
  }
}

function labelOf(session: string): string {
  return `handed token ${session}`;
}

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

  /** Before the page gets it. What {@link remove} takes. */
  async add(
    session: string,
    { accessToken, accessTokenExpiresAt }: Pick<Tokens, 'accessToken' | 'accessTokenExpiresAt'>,
  ): Promise<Pick<HandedToken, 'id'>> {
    const sealed = this.#sealer.seal(accessToken, labelOf(session));
    return this.#database.transaction().execute(async (transaction) => {
      const added = await transaction
        .insertInto('handed_token')
        .values({ session, sealed, expires_at: accessTokenExpiresAt })
        .returning('id')
        .executeTakeFirstOrThrow();
      const surplus = transaction
        .selectFrom('handed_token')
        .select('id')
        .where('session', '=', session)
        .orderBy('id', 'desc')
        .offset(perSession)
        .limit(perSession);
      await transaction.deleteFrom('handed_token').where('id', 'in', surplus).execute();
      return added;
    });
  }

  /** The newest first: with it the registration that stands now was most likely made. */
  async of(session: string): Promise<readonly HandedToken[]> {
    const rows = await this.#database
      .selectFrom('handed_token')
      .select(['id', 'session', 'sealed'])
      .where('session', '=', session)
      .orderBy('id', 'desc')
      .execute();
    return this.#openAll(rows);
  }

  /** Those that belong neither to a session nor to a lease any more, the oldest first. */
  async findOrphans(
    { after, upTo }: { readonly after: number; readonly upTo: number },
    limit: number,
  ): Promise<readonly HandedToken[]> {
    const rows = await this.#database
      .selectFrom('handed_token')
      .leftJoin('web_session', 'web_session.key', 'handed_token.session')
      .leftJoin('pool_pair', 'pool_pair.lease', 'handed_token.session')
      .select(['handed_token.id', 'handed_token.session', 'handed_token.sealed'])
      .where('web_session.key', 'is', null)
      .where('pool_pair.lease', 'is', null)
      .where('handed_token.id', '>', after)
      .where('handed_token.id', '<=', upTo)
      .orderBy('handed_token.id')
      .limit(limit)
      .execute();
    return this.#openAll(rows);
  }

  /** 0: there is none. */
  async newestId(): Promise<number> {
    const row = await this.#database
      .selectFrom('handed_token')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.id ?? 0;
  }

  async remove(tokens: readonly Pick<HandedToken, 'id'>[]): Promise<void> {
    const ids = tokens.map(({ id }) => id);
    await this.#database.deleteFrom('handed_token').where('id', 'in', ids).execute();
  }

  async deleteExpired(): Promise<void> {
    await this.#database
      .deleteFrom('handed_token')
      .where('expires_at', '<=', this.#now() - keptMs)
      .execute();
  }

  #openAll(rows: readonly { id: number; session: string; sealed: Uint8Array }[]): readonly HandedToken[] {
    return rows.flatMap(({ id, session, sealed }) => {
      const accessToken = this.#sealer.open(sealed, labelOf(session));
      return accessToken === undefined ? [] : [{ id, accessToken }];
    });
  }
}

function labelOf(session: string): string {
  return `handed token ${session}`;
}

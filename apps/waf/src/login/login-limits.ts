/**
 * Limits on failed logins: of an account from one address and from all, and of an address. Only failures count; they
 * survive a restart.
 *
 * A browser that has signed in to the account before is counted apart from all others, so that strangers cannot lock
 * the person out. A login counts as failed from the moment its password is being checked until it proves right:
 * otherwise a burst of simultaneous guesses would pass before the first of them is counted.
 *
 * @module
 */

import { networkOf } from '@wicgate/node-kit';
import { foldUsername } from '../accounts/accounts.ts';
import type { Config } from '../config.ts';
import { type Keys, keyedHash } from '../keys.ts';
import type { Database } from '../store/database.ts';

export interface LoginSource {
  readonly username: string;
  readonly address: string;
  /** Where this account has been signed in to before. */
  readonly knownBrowserId: string | undefined;
}

export interface Attempt {
  /** Takes the failure back, and those that the account had before from here. The address keeps its others. */
  succeeded(): Promise<void>;
}

export interface Refusal {
  readonly retryAfterSeconds: number;
}

type Limits = Pick<
  Config,
  | 'WAF_LOGIN_FAILURES_PER_ACCOUNT'
  | 'WAF_LOGIN_FAILURES_OF_STRANGERS'
  | 'WAF_LOGIN_FAILURES_PER_ADDRESS'
  | 'WAF_LOGIN_FAILURE_WINDOW_SECONDS'
>;

/** What a failure counts for, as a keyed hash, and how many it may have. */
interface Subject {
  readonly subject: string;
  readonly limit: number;
}

export class LoginLimits {
  readonly #database: Database;
  readonly #keys: Pick<Keys, 'hashing'>;
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(database: Database, keys: Pick<Keys, 'hashing'>, limits: Limits, now: () => number = Date.now) {
    this.#database = database;
    this.#keys = keys;
    this.#limits = limits;
    this.#now = now;
  }

  /** How long this source has to wait, or undefined. */
  async findRefusal(source: LoginSource, database: Database = this.#database): Promise<Refusal | undefined> {
    let waitMs = 0;
    for (const subject of this.#subjects(source)) waitMs = Math.max(waitMs, await this.#waitMs(database, subject));
    return waitMs > 0 ? { retryAfterSeconds: Math.ceil(waitMs / 1_000) } : undefined;
  }

  /** Counts a failure, unless the source has to wait. */
  begin(source: LoginSource): Promise<Attempt | Refusal> {
    const subjects = this.#subjects(source);
    return this.#database.transaction().execute(async (transaction) => {
      const refusal = await this.findRefusal(source, transaction);
      if (refusal !== undefined) return refusal;
      const expires_at = this.#now() + this.#limits.WAF_LOGIN_FAILURE_WINDOW_SECONDS * 1_000;
      const rows = await transaction
        .insertInto('login_failure')
        .values(subjects.map(({ subject }) => ({ subject, expires_at })))
        .returning('id')
        .execute();
      const ids = rows.map(({ id }) => id);
      return { succeeded: () => this.#takeBack(ids, subjects[0].subject) };
    });
  }

  async #takeBack(ids: readonly number[], subject: string): Promise<void> {
    await this.#database
      .deleteFrom('login_failure')
      .where((where) => where.or([where('id', 'in', ids), where('subject', '=', subject)]))
      .execute();
  }

  /** Until the oldest of the `limit` newest failures expires; 0 if there are fewer. */
  async #waitMs(database: Database, { subject, limit }: Subject): Promise<number> {
    const row = await database
      .selectFrom('login_failure')
      .select('expires_at')
      .where('subject', '=', subject)
      .where('expires_at', '>', this.#now())
      .orderBy('expires_at', 'desc')
      .offset(limit - 1)
      .limit(1)
      .executeTakeFirst();
    return row === undefined ? 0 : row.expires_at - this.#now();
  }

  /** The first is what a success clears. */
  #subjects({ username, address, knownBrowserId }: LoginSource): readonly [Subject, ...Subject[]] {
    const network = networkOf(address);
    const account = foldUsername(username);
    const subject = (purpose: string, value: string, limit: number): Subject => ({
      subject: keyedHash(this.#keys, `login ${purpose}`, value),
      limit,
    });
    const perAccount = this.#limits.WAF_LOGIN_FAILURES_PER_ACCOUNT;
    if (knownBrowserId !== undefined) return [subject('known browser', knownBrowserId, perAccount)];
    return [
      subject('account from address', `${network}\0${account}`, perAccount),
      subject('account', account, this.#limits.WAF_LOGIN_FAILURES_OF_STRANGERS),
      subject('address', network, this.#limits.WAF_LOGIN_FAILURES_PER_ADDRESS),
    ];
  }
}

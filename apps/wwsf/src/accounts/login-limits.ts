/**
 * Limits on failed sign-ins: of an account from one address and from all, and of an address. They survive a restart.
 *
 * A sign-in counts as failed from the moment its password is being checked until it proves right: otherwise a burst of
 * simultaneous guesses would pass before the first of them is counted. A browser in which the account was signed in to
 * before is counted apart from all others, so that strangers cannot lock the person out.
 *
 * @module
 */
import { networkOf } from '@wicgate/node-kit';
import type { Config } from '../config.ts';
import type { Database } from '../sessions/database.ts';
import type { Sealer } from '../sessions/sealer.ts';
import { foldUsername } from './account.ts';

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
  | 'WWSF_LOGIN_FAILURES_PER_ACCOUNT'
  | 'WWSF_LOGIN_FAILURES_OF_STRANGERS'
  | 'WWSF_LOGIN_FAILURES_PER_ADDRESS'
  | 'WWSF_LOGIN_FAILURE_WINDOW_SECONDS'
>;

/** What a failure counts for, as a keyed hash, and how many it may have. */
interface Subject {
  readonly subject: string;
  readonly limit: number;
}

export class LoginLimits {
  readonly #database: Database;
  readonly #sealer: Pick<Sealer, 'mark'>;
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(database: Database, sealer: Pick<Sealer, 'mark'>, limits: Limits, now: () => number = Date.now) {
    this.#database = database;
    this.#sealer = sealer;
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts a failure, unless the source has to wait. */
  begin(source: LoginSource): Promise<Attempt | Refusal> {
    const subjects = this.#subjects(source);
    return this.#database.transaction().execute(async (transaction) => {
      let waitMs = 0;
      for (const subject of subjects) waitMs = Math.max(waitMs, await this.#waitMs(transaction, subject));
      if (waitMs > 0) return { retryAfterSeconds: Math.ceil(waitMs / 1_000) };
      const expires_at = this.#now() + 1_000 * this.#limits.WWSF_LOGIN_FAILURE_WINDOW_SECONDS;
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
      .where(({ or, eb }) => or([eb('id', 'in', ids), eb('subject', '=', subject)]))
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
    const account = foldUsername(username);
    const network = networkOf(address);
    const subject = (purpose: string, value: string, limit: number): Subject => ({
      subject: this.#sealer.mark(`login ${purpose}\0${value}`),
      limit,
    });
    const perAccount = this.#limits.WWSF_LOGIN_FAILURES_PER_ACCOUNT;
    if (knownBrowserId !== undefined) return [subject('known browser', knownBrowserId, perAccount)];
    return [
      subject('account from address', `${network}\0${account}`, perAccount),
      subject('account', account, this.#limits.WWSF_LOGIN_FAILURES_OF_STRANGERS),
      subject('address', network, this.#limits.WWSF_LOGIN_FAILURES_PER_ADDRESS),
    ];
  }
}

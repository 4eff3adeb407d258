/**
 * Limits on failed logins, per account and per address. Only failures count; they survive a restart.
 *
 * A login counts as failed from the moment its password is being checked until it proves right: otherwise a burst of
 * simultaneous guesses would pass before the first of them is counted.
 *
 * @module
 */
import { isIPv6 } from 'node:net';
import { foldUsername } from '../accounts/accounts.ts';
import type { Config } from '../config.ts';
import { type Keys, keyedHash } from '../keys.ts';
import type { Database } from '../store/database.ts';

export interface LoginSource {
  readonly username: string;
  readonly address: string;
}

export interface Attempt {
  /** Takes the failure back, and those the account had before. The address keeps its others. */
  succeeded(): Promise<void>;
}

export interface Refusal {
  readonly retryAfterSeconds: number;
}

type Limits = Pick<
  Config,
  'WAF_LOGIN_FAILURES_PER_ACCOUNT' | 'WAF_LOGIN_FAILURES_PER_ADDRESS' | 'WAF_LOGIN_FAILURE_WINDOW_SECONDS'
>;

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
    const { account, address } = this.#subjects(source);
    const waitMs = Math.max(
      await this.#waitMs(database, account, this.#limits.WAF_LOGIN_FAILURES_PER_ACCOUNT),
      await this.#waitMs(database, address, this.#limits.WAF_LOGIN_FAILURES_PER_ADDRESS),
    );
    return waitMs > 0 ? { retryAfterSeconds: Math.ceil(waitMs / 1_000) } : undefined;
  }

  /** Counts a failure, unless the source has to wait. */
  begin(source: LoginSource): Promise<Attempt | Refusal> {
    const { account, address } = this.#subjects(source);
    return this.#database.transaction().execute(async (transaction) => {
      const refusal = await this.findRefusal(source, transaction);
      if (refusal !== undefined) return refusal;
      const expires_at = this.#now() + this.#limits.WAF_LOGIN_FAILURE_WINDOW_SECONDS * 1_000;
      const rows = await transaction
        .insertInto('login_failure')
        .values([
          { subject: account, expires_at },
          { subject: address, expires_at },
        ])
        .returning('id')
        .execute();
      return {
        succeeded: () =>
          this.#takeBack(
            rows.map(({ id }) => id),
            account,
          ),
      };
    });
  }

  async #takeBack(ids: readonly number[], account: string): Promise<void> {
    await this.#database
      .deleteFrom('login_failure')
      .where((where) => where.or([where('id', 'in', ids), where('subject', '=', account)]))
      .execute();
  }

  /** Until the oldest of the `limit` newest failures expires; 0 if there are fewer. */
  async #waitMs(database: Database, subject: string, limit: number): Promise<number> {
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

  #subjects({ username, address }: LoginSource): { account: string; address: string } {
    return {
      account: keyedHash(this.#keys, 'login account', foldUsername(username)),
      address: keyedHash(this.#keys, 'login address', networkOf(address)),
    };
  }
}

/** An IPv4 address itself; of an IPv6 address its /64, which is what one household or host is given. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0');
  return [...groups, ...(tail === undefined ? [] : zeros), ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

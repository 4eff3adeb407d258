/**
 * The people who may sign in, and the IMS identities that are theirs (TS 33.203 X.3.2.3 step 0.1).
 *
 * @module
 */
import { randomUUID } from 'node:crypto';
import { hashPassword, isPassword, passwordMaxLength, passwordMinLength } from '@wicgate/node-kit';
import { z } from 'zod';
import { AccountExists, AccountInvalid, AccountNotFound } from '../errors.ts';
import { endTokensOfAccount, nowSeconds, renewClientGrants } from '../revocation/revocations.ts';
import type { AccountRow, Database } from '../store/database.ts';

export interface Account {
  /** `sub` of the tokens. */
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly impi: string;
  readonly impus: readonly string[];
  /** The operator lets nobody in by it. */
  readonly isBarred: boolean;
}

export interface NewAccount extends Omit<Account, 'id' | 'isBarred'> {
  readonly password: string;
}

export const usernameMaxLength = 128;

const printable = /^[^\p{C}\p{Z}]+$/u;
const newAccountSchema = z.object({
  username: z.string().min(1).max(usernameMaxLength).regex(printable, 'expected no spaces or control characters'),
  password: z.string().min(passwordMinLength).max(passwordMaxLength),
  displayName: z.string().min(1).max(100),
  impi: z
    .string()
    .max(255)
    .regex(/^[^\s@]+@[^\s@]+$/, 'expected user@domain'),
  impus: z
    .array(
      z
        .string()
        .max(255)
        .regex(/^(sip:[^\s@]+@[^\s@]+|tel:\S+)$/, 'expected a sip: or tel: URI'),
    )
    .min(1)
    .max(20),
});

export class Accounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * @throws {AccountInvalid} one line for each field at fault; values are never repeated.
   * @throws {AccountExists}
   */
  async create(account: NewAccount): Promise<void> {
    const result = newAccountSchema.safeParse(account);
    if (!result.success) {
      throw new AccountInvalid(
        result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
      );
    }
    const { username, password, displayName, impi, impus } = result.data;
    const password_hash = await hashPassword(password);
    const inserted = await this.#database
      .insertInto('account')
      .values({
        id: randomUUID(),
        username: foldUsername(username),
        display_name: displayName,
        password_hash,
        impi,
        impus: JSON.stringify(impus),
        barred_at: null,
      })
      .onConflict((conflict) => conflict.column('username').doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows !== 1n)
      throw new AccountExists('an account of this user name exists already');
  }

  /**
   * Removes the account and what it granted, and ends its sessions, tokens and registrations.
   *
   * @throws {AccountNotFound}
   */
  async remove(username: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const removed = await transaction
        .deleteFrom('account')
        .where('username', '=', foldUsername(username))
        .returning('id')
        .executeTakeFirst();
      if (removed === undefined) throw new AccountNotFound('no account has this user name');
      await renewClientGrants(transaction, removed.id);
      await transaction.deleteFrom('client_grant').where('account_id', '=', removed.id).execute();
      await endTokensOfAccount(transaction, removed.id);
    });
  }

  /**
   * Lets nobody in by this account, until {@link unbar}, and ends its sessions, tokens and registrations.
   *
   * @throws {AccountNotFound}
   */
  async bar(username: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const id = await setBarred(transaction, username, nowSeconds());
      await renewClientGrants(transaction, id);
      await endTokensOfAccount(transaction, id);
    });
  }

  /** Takes {@link bar} back; what it ended stays ended. @throws {AccountNotFound} */
  async unbar(username: string): Promise<void> {
    await setBarred(this.#database, username, null);
  }

  async find(username: string): Promise<Account | undefined> {
    const row = await this.#row('username', foldUsername(username));
    return row && readAccount(row);
  }

  async findById(id: string): Promise<Account | undefined> {
    const row = await this.#row('id', id);
    return row && readAccount(row);
  }

  async list(): Promise<readonly Account[]> {
    const rows = await this.#database.selectFrom('account').selectAll().orderBy('username').execute();
    return rows.map(readAccount);
  }

  /** The account, if the password is its own. An unknown user name costs the same time. */
  async findByPassword(username: string, password: string): Promise<Account | undefined> {
    const row = await this.#row('username', foldUsername(username));
    const isRight = await isPassword(password, row?.password_hash);
    return isRight && row !== undefined ? readAccount(row) : undefined;
  }

  #row(column: 'id' | 'username', value: string): Promise<AccountRow | undefined> {
    return this.#database.selectFrom('account').selectAll().where(column, '=', value).executeTakeFirst();
  }
}

/** People's keyboards capitalise and compose as they like. */
export function foldUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

async function setBarred(database: Database, username: string, barred_at: number | null): Promise<string> {
  const row = await database
    .updateTable('account')
    .set({ barred_at })
    .where('username', '=', foldUsername(username))
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) throw new AccountNotFound('no account has this user name');
  return row.id;
}

function readAccount(row: AccountRow): Account {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    impi: row.impi,
    impus: JSON.parse(row.impus) as string[],
    isBarred: row.barred_at !== null,
  };
}

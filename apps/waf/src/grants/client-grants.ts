/**
 * Which web operators may register in a subscriber's name (TS 33.203 X.3.1 REQ 2.1): given, seen and taken back by the
 * subscriber alone, or for them by the operator.
 *
 * @module
 */

import { foldUsername } from '../accounts/accounts.ts';
import { AccountNotFound, ClientIdInvalid } from '../errors.ts';
import { createSid, endTokensOfAccount, nowSeconds, revoke } from '../revocation/revocations.ts';
import type { Database } from '../store/database.ts';

export interface ClientGrant {
  readonly clientId: string;
  /** Also while the subscriber is not at the WAF (client credentials); otherwise in sign-ins with consent only. */
  readonly standing: boolean;
  /** Unix seconds. */
  readonly since: number;
  /** Unix seconds. */
  readonly lastUsed: number | undefined;
}

/** What a client may put into a token. */
export interface GrantedAccount {
  readonly accountId: string;
  readonly sid: string;
}

const clientIdPattern = /^[\x21-\x7e]{1,255}$/;

export class ClientGrants {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Lets the client register all identities of the account, until {@link remove}.
   *
   * @throws {AccountNotFound}
   * @throws {ClientIdInvalid}
   */
  async allow(username: string, clientId: string): Promise<void> {
    if (!clientIdPattern.test(clientId)) throw new ClientIdInvalid('expected the client_id of a web operator');
    await this.save(await this.#accountId(username), clientId, 1);
  }

  /**
   * Takes it back and ends everything that came of it.
   *
   * @throws {AccountNotFound}
   */
  async remove(username: string, clientId: string): Promise<void> {
    await this.removeOf(await this.#accountId(username), clientId);
  }

  /** @throws {AccountNotFound} */
  async list(username: string): Promise<readonly ClientGrant[]> {
    return this.listOf(await this.#accountId(username));
  }

  /** As {@link allow}, by the account's id; `standing` 0 never takes back a 1. */
  async save(accountId: string, clientId: string, standing: 0 | 1): Promise<void> {
    await this.#database
      .insertInto('client_grant')
      .values({
        account_id: accountId,
        client_id: clientId,
        standing,
        sid: createSid(),
        created_at: nowSeconds(),
        last_used_at: null,
      })
      .onConflict((conflict) => {
        const present = conflict.columns(['account_id', 'client_id']);
        return standing === 1 ? present.doUpdateSet({ standing }) : present.doNothing();
      })
      .execute();
  }

  /** As {@link remove}, by the account's id. False: there was none. */
  async removeOf(accountId: string, clientId: string): Promise<boolean> {
    return this.#database.transaction().execute(async (transaction) => {
      const removed = await transaction
        .deleteFrom('client_grant')
        .where('account_id', '=', accountId)
        .where('client_id', '=', clientId)
        .returning('sid')
        .execute();
      await revoke(
        transaction,
        'sid',
        removed.map(({ sid }) => sid),
      );
      await endTokensOfAccount(transaction, accountId, clientId);
      return removed.length > 0;
    });
  }

  /** As {@link list}, by the account's id; the oldest first. */
  async listOf(accountId: string): Promise<readonly ClientGrant[]> {
    const rows = await this.#database
      .selectFrom('client_grant')
      .selectAll()
      .where('account_id', '=', accountId)
      .orderBy('created_at')
      .orderBy('client_id')
      .execute();
    return rows.map((row) => ({
      clientId: row.client_id,
      standing: row.standing === 1,
      since: row.created_at,
      lastUsed: row.last_used_at ?? undefined,
    }));
  }

  /**
   * The account that has `impi` and all of `impus`, is not barred, and has a standing grant for this client; undefined
   * for all others alike, so that nobody learns whether an account exists.
   */
  async find(clientId: string, impi: string, impus: readonly string[]): Promise<GrantedAccount | undefined> {
    const rows = await this.#database
      .selectFrom('account')
      .innerJoin('client_grant', 'client_grant.account_id', 'account.id')
      .select(['account.id', 'account.impus', 'client_grant.sid'])
      .where('account.impi', '=', impi)
      .where('account.barred_at', 'is', null)
      .where('client_grant.client_id', '=', clientId)
      .where('client_grant.standing', '=', 1)
      .execute();
    const row = rows.find((candidate) => {
      const owned = new Set(JSON.parse(candidate.impus) as string[]);
      return impus.every((impu) => owned.has(impu));
    });
    return row === undefined ? undefined : { accountId: row.id, sid: row.sid };
  }

  /** Remembers that the client has just been given a token. */
  async used(accountId: string, clientId: string): Promise<void> {
    await this.#database
      .updateTable('client_grant')
      .set({ last_used_at: nowSeconds() })
      .where('account_id', '=', accountId)
      .where('client_id', '=', clientId)
      .execute();
  }

  async #accountId(username: string): Promise<string> {
    const row = await this.#database
      .selectFrom('account')
      .select('id')
      .where('username', '=', foldUsername(username))
      .executeTakeFirst();
    if (row === undefined) throw new AccountNotFound('no account has this user name');
    return row.id;
  }
}

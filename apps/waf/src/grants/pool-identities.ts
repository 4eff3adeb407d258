/**
 * What tokens for identities of a pool are revoked by: one `sid` for all tokens of an identity, until it is given back
 * (TS 33.203 X.4.2.1: an identity is used by one person at a time).
 *
 * @module
 */
import { createSid, nowSeconds, revoke } from '../revocation/revocations.ts';
import type { Database } from '../store/database.ts';

export class PoolIdentities {
  readonly #database: Database;
  readonly #lifetimeSeconds: number;

  /** `lifetimeSeconds`: how long after its last token an identity is remembered. */
  constructor(database: Database, lifetimeSeconds: number) {
    this.#database = database;
    this.#lifetimeSeconds = lifetimeSeconds;
  }

  /** The `sid` for one more token. */
  async use(clientId: string, impi: string): Promise<string> {
    const expires_at = nowSeconds() + this.#lifetimeSeconds;
    const { sid } = await this.#database
      .insertInto('pool_identity')
      .values({ client_id: clientId, impi, sid: createSid(), expires_at })
      .onConflict((conflict) => conflict.columns(['client_id', 'impi']).doUpdateSet({ expires_at }))
      .returning('sid')
      .executeTakeFirstOrThrow();
    return sid;
  }

  /** Ends all tokens with this `sid`, if the identity still has it; the next token gets another. */
  async end(clientId: string, sid: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const ended = await transaction
        .deleteFrom('pool_identity')
        .where('client_id', '=', clientId)
        .where('sid', '=', sid)
        .returning('sid')
        .execute();
      if (ended.length > 0) await revoke(transaction, 'sid', [sid]);
    });
  }
}

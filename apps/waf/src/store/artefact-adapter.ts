/**
 * Storage of everything oidc-provider issues: sessions, interactions, grants, codes, refresh tokens.
 *
 * Identifiers are stored hashed, because of codes, refresh tokens and session cookies they are the secret. Access
 * tokens are JWTs and are not stored at all: they carry the hashed identifier of their grant as `sid`, and with the grant
 * they are revoked by it.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import { nowSeconds, revoke } from '../revocation/revocations.ts';
import type { ArtefactRow, Database } from './database.ts';

const defaultLifetimeSeconds = 86_400;

/** What oidc-provider calls for each of its models. `reused` hears of a code or refresh token used at the same time twice. */
export function createArtefactAdapter(database: Database, reused: (model: string) => void): AdapterFactory {
  return (model) => new ArtefactAdapter(database, model, reused);
}

/** What access tokens of a grant carry as `sid`. */
export function sidOf(grantId: string): string {
  return hash(grantId);
}

class ArtefactAdapter implements Adapter {
  readonly #database: Database;
  readonly #model: string;
  readonly #reused: (model: string) => void;

  constructor(database: Database, model: string, reused: (model: string) => void) {
    this.#database = database;
    this.#model = model;
    this.#reused = reused;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn = defaultLifetimeSeconds): Promise<void> {
    const row = {
      payload: JSON.stringify(withoutSecrets(payload)),
      grant_id: payload.grantId ?? null,
      session_uid: payload.uid ?? null,
      account_id: payload.accountId ?? payload.session?.accountId ?? null,
      expires_at: nowSeconds() + expiresIn,
    };
    if (this.#model === 'ReplayDetection') return this.#insertOnce(id, row);
    await this.#database
      .insertInto('artefact')
      .values({ model: this.#model, id_hash: hash(id), consumed_at: null, ...row })
      .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(row))
      .execute();
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const row = await this.#live().where('id_hash', '=', hash(id)).executeTakeFirst();
    return row === undefined ? undefined : { ...readPayload(row), jti: id };
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const row = await this.#live().where('session_uid', '=', uid).executeTakeFirst();
    return row === undefined ? undefined : readPayload(row);
  }

  /** The device flow is switched off: there are no user codes. */
  async findByUserCode(): Promise<undefined> {}

  /**
   * Marks a code or refresh token as used. Of two simultaneous users only one succeeds; the other proves that the
   * secret is in two hands, so all that came of the same grant is removed (RFC 9700 4.14.2).
   *
   * @throws {errors.InvalidGrant} it had been used already.
   */
  async consume(id: string): Promise<void> {
    const taken = await this.#database
      .updateTable('artefact')
      .set({ consumed_at: nowSeconds() })
      .where('model', '=', this.#model)
      .where('id_hash', '=', hash(id))
      .where('consumed_at', 'is', null)
      .executeTakeFirst();
    if (taken.numUpdatedRows === 1n) return;

    this.#reused(this.#model);
    const row = await this.#live().where('id_hash', '=', hash(id)).executeTakeFirst();
    if (row?.grant_id) await this.#removeGrant(row.grant_id);
    throw new errors.InvalidGrant('already used');
  }

  async destroy(id: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const removed = await transaction
        .deleteFrom('artefact')
        .where('model', '=', this.#model)
        .where('id_hash', '=', hash(id))
        .returning('id_hash')
        .execute();
      if (this.#model === 'Grant') await revoke(transaction, 'sid', hashesOf(removed));
    });
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#database
      .deleteFrom('artefact')
      .where('model', '=', this.#model)
      .where('grant_id', '=', grantId)
      .execute();
  }

  async #removeGrant(grantId: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('artefact').where('grant_id', '=', grantId).execute();
      const removed = await transaction
        .deleteFrom('artefact')
        .where('model', '=', 'Grant')
        .where('id_hash', '=', hash(grantId))
        .returning('id_hash')
        .execute();
      await revoke(transaction, 'sid', hashesOf(removed));
    });
  }

  /**
   * Of two simultaneous uses of one client assertion only one passes: oidc-provider looks first and stores then.
   *
   * @throws {errors.InvalidClientAuth} it is there already (RFC 7523 3).
   */
  async #insertOnce(id: string, row: Omit<ArtefactRow, 'model' | 'id_hash' | 'consumed_at'>): Promise<void> {
    const inserted = await this.#database
      .insertInto('artefact')
      .values({ model: this.#model, id_hash: hash(id), consumed_at: null, ...row })
      .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw new errors.InvalidClientAuth('used already');
  }

  #live() {
    return this.#database
      .selectFrom('artefact')
      .select(['payload', 'consumed_at', 'grant_id'])
      .where('model', '=', this.#model)
      .where('expires_at', '>', nowSeconds());
  }
}

/** The identifier stands hashed in its column; an interaction would repeat the session's cookie. */
function withoutSecrets({ jti: _, ...payload }: AdapterPayload): AdapterPayload {
  if (payload.session === undefined) return payload;
  const { cookie: _cookie, ...session } = payload.session as { readonly cookie?: string };
  return { ...payload, session: session as AdapterPayload['session'] };
}

function readPayload(row: Pick<ArtefactRow, 'payload' | 'consumed_at'>): AdapterPayload {
  const payload = JSON.parse(row.payload) as AdapterPayload;
  return row.consumed_at === null ? payload : { ...payload, consumed: row.consumed_at };
}

function hash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

function hashesOf(rows: readonly Pick<ArtefactRow, 'id_hash'>[]): string[] {
  return rows.map(({ id_hash }) => id_hash);
}

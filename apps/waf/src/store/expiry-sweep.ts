/**
 * Removes what has expired, and bounds what strangers can make us store.
 *
 * @module
 */
import { revoke } from '../revocation/revocations.ts';
import type { Database } from './database.ts';

const intervalMs = 30_000;
/** The oldest give way. Interactions are bounded at their start. */
const storageLimits = {
  /** Sessions without a person, which sign-out pages leave. */
  anonymousSessions: 50_000,
  /** Identities of its pool that one client has tokens for and has not given back. */
  poolIdentitiesPerClient: 100_000,
};

/** Sweeps now and every 30 s; returns what ends it. */
export function startExpirySweep(database: Database, failed: (cause: unknown) => void): () => Promise<void> {
  let running = Promise.resolve();
  const run = (): void => {
    running = running.then(() => sweep(database)).catch(failed);
  };
  const timer = setInterval(run, intervalMs);
  timer.unref();
  run();
  return () => {
    clearInterval(timer);
    return running;
  };
}

/** One sweep at `nowMs`. */
export async function sweep(database: Database, nowMs = Date.now(), limits = storageLimits): Promise<void> {
  const nowSeconds = Math.floor(nowMs / 1_000);
  await endGrants(database, nowSeconds);
  await database.deleteFrom('artefact').where('expires_at', '<=', nowSeconds).execute();
  await endPoolIdentities(database, nowSeconds, limits.poolIdentitiesPerClient);
  await database.deleteFrom('revocation_delivery').where('expires_at', '<=', nowSeconds).execute();
  await database.deleteFrom('login_failure').where('expires_at', '<=', nowMs).execute();
  await deleteAnonymousSessions(database, limits.anonymousSessions);
}

async function deleteAnonymousSessions(database: Database, limit: number): Promise<void> {
  const newestToGo = await database
    .selectFrom('artefact')
    .select('expires_at')
    .where('account_id', 'is', null)
    .where('model', '=', 'Session')
    .orderBy('expires_at', 'desc')
    .offset(limit)
    .limit(1)
    .executeTakeFirst();
  if (newestToGo === undefined) return;
  await database
    .deleteFrom('artefact')
    .where('account_id', 'is', null)
    .where('model', '=', 'Session')
    .where('expires_at', '<=', newestToGo.expires_at)
    .execute();
}

/** A registration may outlive the session it came of, by the expiry that the S-CSCF granted; its grant ends it. */
async function endGrants(database: Database, nowSeconds: number): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const ended = await transaction
      .deleteFrom('artefact')
      .where('expires_at', '<=', nowSeconds)
      .where('model', '=', 'Grant')
      .returning('id_hash')
      .execute();
    await revoke(
      transaction,
      'sid',
      ended.map(({ id_hash }) => id_hash),
    );
  });
}

/** The same for the identities of pools. */
async function endPoolIdentities(database: Database, nowSeconds: number, limit: number): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const ended = await transaction
      .deleteFrom('pool_identity')
      .where('expires_at', '<=', nowSeconds)
      .returning('sid')
      .execute();
    const crowded = await transaction
      .selectFrom('pool_identity')
      .select(({ fn }) => ['client_id', fn.countAll<number>().as('identities')])
      .groupBy('client_id')
      .having(({ fn }) => fn.countAll(), '>', limit)
      .execute();
    for (const { client_id, identities } of crowded) {
      const oldest = transaction
        .selectFrom('pool_identity')
        .select('impi')
        .where('client_id', '=', client_id)
        .orderBy('expires_at')
        .limit(identities - limit);
      const removal = transaction.deleteFrom('pool_identity').where('client_id', '=', client_id);
      ended.push(...(await removal.where('impi', 'in', oldest).returning('sid').execute()));
    }
    await revoke(
      transaction,
      'sid',
      ended.map(({ sid }) => sid),
    );
  });
}

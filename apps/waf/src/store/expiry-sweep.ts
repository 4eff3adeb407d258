/**
 * Removes what has expired, and bounds what strangers can make us store.
 *
 * @module
 */
import { revoke } from '../revocation/revocations.ts';
import type { Database } from './database.ts';

const intervalMs = 30_000;
/** Sessions without a person, which sign-out pages leave; the oldest give way. Interactions are bounded at their start. */
const anonymousSessionLimit = 50_000;

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
export async function sweep(database: Database, nowMs = Date.now(), limit = anonymousSessionLimit): Promise<void> {
  const nowSeconds = Math.floor(nowMs / 1_000);
  await endGrants(database, nowSeconds);
  await database.deleteFrom('artefact').where('expires_at', '<=', nowSeconds).execute();
  await database.deleteFrom('pool_identity').where('expires_at', '<=', nowSeconds).execute();
  await database.deleteFrom('revocation_delivery').where('expires_at', '<=', nowSeconds).execute();
  await database.deleteFrom('login_failure').where('expires_at', '<=', nowMs).execute();

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

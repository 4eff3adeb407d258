/**
 * Tells every eP-CSCF what has been revoked, within a second of the revocation (TS 33.203 X.3.1 REQ 2.2).
 *
 * The queue lies in the database: a restart goes on with it, and the command line adds to it beside a running WAF. Each
 * eP-CSCF has its own, so that one that is down holds up no other. What no eP-CSCF needs to know any more is forgotten.
 *
 * @module
 */
import { RevocationRefused, RevocationUndelivered } from '../errors.ts';
import type { WafLogger } from '../log.ts';
import type { WafMetrics } from '../metrics.ts';
import type { Database, RevocationDelivery } from '../store/database.ts';
import { nowSeconds } from './revocations.ts';

export type PendingRevocation = Pick<RevocationDelivery, 'kind' | 'value' | 'expires_at'>;

/**
 * @throws {RevocationUndelivered} the eP-CSCF has not taken it.
 * @throws {RevocationRefused} it never will.
 */
export type PostRevocation = (endpoint: string, revocation: PendingRevocation) => Promise<void>;

export interface RevocationDeliveryParts {
  readonly database: Database;
  readonly endpoints: readonly string[];
  readonly post: PostRevocation;
  readonly log: WafLogger;
  readonly metrics: Pick<WafMetrics, 'revocations' | 'revocationsWaiting'>;
  /** An error that no rule foresees. */
  readonly failed: (cause: unknown) => void;
}

const pollMs = 200;
const firstWaitMs = 250;
const longestWaitMs = 10_000;
/** Revocations that wait, in all. */
const waitingLimit = 100_000;
const fanOutSize = 500;
const atOnce = 16;

/** How long an eP-CSCF that fails is left alone, whatever is done to the clock. */
interface BackOff {
  waitMs: number;
  untilMs: number;
}

/** Looks for revocations from now on; returns what ends it, once what is under way is done. */
export function startRevocationDelivery(parts: RevocationDeliveryParts, limit = waitingLimit): () => Promise<void> {
  const tasks = [
    () => fanOut(parts, limit),
    ...parts.endpoints.map((endpoint) => {
      const backOff: BackOff = { waitMs: 0, untilMs: 0 };
      return () => deliverAll(parts, endpoint, backOff);
    }),
  ];
  const loops = tasks.map((task) => startLoop(task, parts.failed));
  return async () => {
    await Promise.all(loops.map((stop) => stop()));
  };
}

/** Runs `task` again and again, never twice at once. */
function startLoop(task: () => Promise<void>, failed: (cause: unknown) => void): () => Promise<void> {
  let running: Promise<void> | undefined;
  const run = (): void => {
    running ??= task()
      .catch(failed)
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(run, pollMs);
  timer.unref();
  run();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Puts new revocations into the queue of each eP-CSCF, all or none of them. */
async function fanOut(parts: RevocationDeliveryParts, limit: number): Promise<void> {
  const { database, endpoints } = parts;
  const fresh = await database.selectFrom('revocation').selectAll().orderBy('id').limit(fanOutSize).execute();
  if (fresh.length === 0) return;
  await database.transaction().execute(async (transaction) => {
    for (const { id, ...revocation } of fresh) {
      for (const endpoint of endpoints) await enqueue(transaction, { endpoint, ...revocation });
      await transaction.deleteFrom('revocation').where('id', '=', id).execute();
    }
  });
  await dropExcess(parts, limit);
}

/** What waits already waits once, for the longer time. */
async function enqueue(database: Database, row: Omit<RevocationDelivery, 'id'>): Promise<void> {
  await database
    .insertInto('revocation_delivery')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['endpoint', 'kind', 'value']).doUpdateSet(({ fn, ref }) => ({
        expires_at: fn('max', [ref('revocation_delivery.expires_at'), ref('excluded.expires_at')]),
      })),
    )
    .execute();
}

/** A queue that nobody empties must not fill the disk: the oldest give way. */
async function dropExcess({ database, log, metrics }: RevocationDeliveryParts, limit: number): Promise<void> {
  const waiting = await countWaiting(database);
  metrics.revocationsWaiting.set(Math.min(waiting, limit));
  if (waiting <= limit) return;
  const oldest = database
    .selectFrom('revocation_delivery')
    .select('id')
    .orderBy('id')
    .limit(waiting - limit);
  await database.deleteFrom('revocation_delivery').where('id', 'in', oldest).execute();
  metrics.revocations.inc({ result: 'dropped' }, waiting - limit);
  log.error({
    event: 'revocation.dropped',
    cause: `more than ${limit} revocations wait`,
    effect: `${waiting - limit} registrations may go on until they expire`,
    action: 'check that every address in WAF_REVOCATION_ENDPOINTS answers',
  });
}

/** Delivers until nothing waits, or something fails. */
async function deliverAll(parts: RevocationDeliveryParts, endpoint: string, backOff: BackOff): Promise<void> {
  if (performance.now() < backOff.untilMs) return;
  const { database, metrics } = parts;
  for (;;) {
    const rows = await database
      .selectFrom('revocation_delivery')
      .selectAll()
      .where('endpoint', '=', endpoint)
      .where('expires_at', '>', nowSeconds())
      .orderBy('id')
      .limit(atOnce)
      .execute();
    if (rows.length === 0) return;
    const areDelivered = await Promise.all(rows.map((row) => deliver(parts, row)));
    metrics.revocationsWaiting.set(await countWaiting(database));
    const isWell = areDelivered.every(Boolean);
    backOff.waitMs = isWell ? 0 : Math.min(Math.max(2 * backOff.waitMs, firstWaitMs), longestWaitMs);
    backOff.untilMs = performance.now() + backOff.waitMs;
    if (!isWell) return;
  }
}

/** Whether it has not to be told again. */
async function deliver(parts: RevocationDeliveryParts, row: RevocationDelivery): Promise<boolean> {
  const { database, post, log, metrics } = parts;
  const { endpoint, kind } = row;
  try {
    await post(endpoint, row);
    metrics.revocations.inc({ result: 'delivered' });
    log.info({ event: 'revocation.delivered', kind, endpoint: new URL(endpoint).origin, clause: 'TS 33.203 X.3.1' });
  } catch (cause) {
    if (!(cause instanceof RevocationUndelivered || cause instanceof RevocationRefused)) throw cause;
    reportFailure(parts, row, cause);
    // What it finds malformed, it will find malformed again: the others must not wait for it.
    if (cause instanceof RevocationUndelivered) return false;
  }
  // It may have been prolonged meanwhile: then it is told again.
  const isTold = database.deleteFrom('revocation_delivery').where('id', '=', row.id);
  await isTold.where('expires_at', '<=', row.expires_at).execute();
  return true;
}

function reportFailure(
  { log, metrics }: RevocationDeliveryParts,
  { endpoint, kind }: RevocationDelivery,
  cause: RevocationRefused | RevocationUndelivered,
): void {
  const isFinal = cause instanceof RevocationRefused;
  metrics.revocations.inc({ result: isFinal ? 'refused' : 'failed' });
  const consequence = isFinal ? 'it is not told again' : 'it is told again until such tokens have expired';
  log.error({
    event: 'revocation.failed',
    cause: cause.message,
    effect: `an eP-CSCF does not know that a ${kind} is revoked; ${consequence}`,
    action: `check the eP-CSCF behind ${new URL(endpoint).origin}, and that it trusts this WAF`,
  });
}

async function countWaiting(database: Database): Promise<number> {
  const { waiting } = await database
    .selectFrom('revocation_delivery')
    .select(({ fn }) => fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  return waiting;
}

/**
 * Who holds which pair of the pool (TS 33.203 X.4.2.1), kept with the web sessions: a restart forgets nothing.
 *
 * A pair is idle, leased or returning. It is leased by one statement that also checks that it is idle, so that no two
 * browsers can hold it, whoever asks at the same time. An idle pair can be leased from `free_at` on.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { GuestsTooMany, PoolExhausted } from '../errors.ts';
import type { Database } from '../sessions/database.ts';
import type { SessionKind } from '../sessions/session-store.ts';
import type { Lease, LeaseLimits, LeaseRequest, PoolCounts } from './lease.ts';
import { type Pair, type Pool, pairOf } from './pool-pattern.ts';

const rowsAtOnce = 500;
/** 96 bits: what was leased once is never met again. */
const randomOctets = 12;
/** Between the lease and its session, the WAF is asked for a token. */
const settlingMs = 30_000;
const leastRetrySeconds = 1;
const mostRetrySeconds = 60;

export class PoolLeases {
  readonly #database: Database;
  readonly #pool: Pool;
  readonly #limits: LeaseLimits;
  readonly #now: () => number;

  constructor(database: Database, pool: Pool, limits: LeaseLimits, now: () => number = Date.now) {
    this.#database = database;
    this.#pool = pool;
    this.#limits = limits;
    this.#now = now;
  }

  /** Brings the stored pairs in line with the configured ones. What is leased stays so until it is returned. */
  async open(): Promise<void> {
    const pairs = this.#pool.kind === 'pairs' ? this.#pool.pairs : [];
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.updateTable('pool_pair').set({ is_current: 0 }).execute();
      for (let from = 0; from < pairs.length; from += rowsAtOnce) {
        const rows = pairs.slice(from, from + rowsAtOnce).map((pair) => ({ ...pair, ...idle, is_current: 1 as const }));
        await transaction
          .insertInto('pool_pair')
          .values(rows)
          .onConflict((conflict) =>
            conflict.column('impi').doUpdateSet(({ ref }) => ({ impu: ref('excluded.impu'), is_current: 1 })),
          )
          .execute();
      }
      await deleteRetired(transaction, this.#now());
    });
  }

  /**
   * Leases the pair that has been unused for longest.
   *
   * @throws {GuestsTooMany | PoolExhausted}
   */
  async take(request: LeaseRequest): Promise<Lease> {
    return this.#database.transaction().execute(async (transaction) => {
      await this.#checkSource(transaction, request.source);
      const pair =
        this.#pool.kind === 'pairs'
          ? await this.#takeIdle(transaction, request)
          : await this.#takeNew(transaction, request, this.#pool);
      if (pair === undefined) throw new PoolExhausted(await this.#secondsUntilFree(transaction));
      return { ...pair, key: request.key };
    });
  }

  async isLive(key: string): Promise<boolean> {
    const row = await this.#database
      .selectFrom('pool_pair')
      .select('impi')
      .where('lease', '=', key)
      .where('state', '=', 'leased')
      .where('ends_at', '>', this.#now())
      .executeTakeFirst();
    return row !== undefined;
  }

  /** False: the lease is over. */
  async renew(key: string, kind: SessionKind): Promise<boolean> {
    const now = this.#now();
    const { leaseMs, userLeaseMs, lifetimeMs } = this.#limits;
    const endsAt = now + (kind === 'guest' ? leaseMs : userLeaseMs);
    const result = await this.#database
      .updateTable('pool_pair')
      .set(({ fn, ref, val, eb }) => ({ ends_at: fn('min', [val(endsAt), eb(ref('leased_at'), '+', lifetimeMs)]) }))
      .where('lease', '=', key)
      .where('state', '=', 'leased')
      .where('ends_at', '>', now)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /** Nobody may use the lease any more, and nobody can lease its pair yet. False: it was over already. */
  async startReturn(key: string): Promise<boolean> {
    const result = await this.#database
      .updateTable('pool_pair')
      .set({ state: 'returning', ends_at: this.#now() })
      .where('lease', '=', key)
      .where('state', '=', 'leased')
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  }

  /** It comes last among those that {@link findReturning} finds. */
  async postponeReturn(key: string): Promise<void> {
    await this.#database
      .updateTable('pool_pair')
      .set({ ends_at: this.#now() })
      .where('lease', '=', key)
      .where('state', '=', 'returning')
      .execute();
  }

  /** The pair rests for the cool-down, then it is free. One that was never used by anybody need not rest. */
  async finishReturn(key: string, { wasUsed }: { readonly wasUsed: boolean }): Promise<void> {
    const now = this.#now();
    const freeAt = wasUsed ? now + this.#limits.coolDownMs : now;
    await this.#database.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('pool_pair')
        .set({ state: 'idle', lease: null, ends_at: 0, free_at: freeAt })
        .where('lease', '=', key)
        .where('state', '=', 'returning')
        .execute();
      await deleteRetired(transaction, now);
    });
  }

  /** Leases whose time is over, or whose session is. */
  async findOverdue(limit: number): Promise<readonly string[]> {
    const now = this.#now();
    const rows = await this.#database
      .selectFrom('pool_pair')
      .leftJoin('web_session', 'web_session.key', 'pool_pair.lease')
      .select('lease')
      .where('state', '=', 'leased')
      .where(({ or, and, eb }) =>
        or([
          eb('ends_at', '<=', now),
          and([eb('web_session.key', 'is', null), eb('leased_at', '<=', now - settlingMs)]),
        ]),
      )
      .limit(limit)
      .execute();
    return rows.map(({ lease }) => lease).filter((lease) => lease !== null);
  }

  /** Leases on their way back, those that began to return first. */
  async findReturning(limit: number): Promise<readonly string[]> {
    const rows = await this.#database
      .selectFrom('pool_pair')
      .select('lease')
      .where('state', '=', 'returning')
      .orderBy('ends_at')
      .limit(limit)
      .execute();
    return rows.map(({ lease }) => lease).filter((lease) => lease !== null);
  }

  /** An open range has no end, and so no number of free pairs: what may still be leased is told. */
  async count(): Promise<PoolCounts> {
    const now = this.#now();
    const rows = await this.#database
      .selectFrom('pool_pair')
      .select(({ fn, eb }) => ['state', eb('free_at', '>', now).as('is_resting'), fn.countAll<number>().as('pairs')])
      .where(({ or, eb }) => or([eb('is_current', '=', 1), eb('state', '!=', 'idle')]))
      .groupBy(['state', 'is_resting'])
      .execute();
    const sum = (isCounted: (row: (typeof rows)[number]) => boolean): number =>
      rows.filter(isCounted).reduce((total, { pairs }) => total + pairs, 0);
    const leased = sum(({ state }) => state === 'leased');
    const free = sum(({ state, is_resting: isResting }) => state === 'idle' && !Number(isResting));
    const cooling = sum(() => true) - leased - free;
    return { leased, cooling, free: this.#pool.kind === 'pairs' ? free : Math.max(0, this.#limits.total - leased) };
  }

  async #checkSource(transaction: Database, source: string): Promise<void> {
    const { held } = await transaction
      .selectFrom('pool_pair')
      .select(({ fn }) => fn.countAll<number>().as('held'))
      .where('source', '=', source)
      .where(({ or, eb }) => or([eb('state', '!=', 'idle'), eb('free_at', '>', this.#now())]))
      .executeTakeFirstOrThrow();
    if (held >= this.#limits.perSource) throw new GuestsTooMany(await this.#secondsUntilFree(transaction, source));
  }

  #takeIdle(transaction: Database, request: LeaseRequest): Promise<Pair | undefined> {
    const longestUnused = transaction
      .selectFrom('pool_pair')
      .select('impi')
      .where('state', '=', 'idle')
      .where('is_current', '=', 1)
      .where('free_at', '<=', this.#now())
      .orderBy('free_at')
      .orderBy('impi')
      .limit(1);
    return transaction
      .updateTable('pool_pair')
      .set(this.#leased(request))
      .where('impi', '=', longestUnused)
      .returning(['impi', 'impu'])
      .executeTakeFirst();
  }

  async #takeNew(
    transaction: Database,
    request: LeaseRequest,
    { prefix, suffix }: Extract<Pool, { kind: 'range' }>,
  ): Promise<Pair | undefined> {
    const { held } = await transaction
      .selectFrom('pool_pair')
      .select(({ fn }) => fn.countAll<number>().as('held'))
      .executeTakeFirstOrThrow();
    if (held >= this.#limits.total) return undefined;
    const pair = pairOf(`${prefix}${randomBytes(randomOctets).toString('hex')}${suffix}`);
    const row = { ...pair, ...idle, ...this.#leased(request), is_current: 0 as const };
    await transaction.insertInto('pool_pair').values(row).execute();
    return pair;
  }

  #leased({ key, kind, source }: LeaseRequest): Omit<Row, 'impi' | 'impu' | 'is_current' | 'free_at'> {
    const now = this.#now();
    const lasts = kind === 'user' ? this.#limits.userLeaseMs : this.#limits.leaseMs;
    const endsAt = now + Math.min(lasts, this.#limits.lifetimeMs);
    return { state: 'leased', lease: key, source, leased_at: now, ends_at: endsAt };
  }

  /** When to ask again, at a guess: when the next pair ends its rest or could begin it. */
  async #secondsUntilFree(transaction: Database, source?: string): Promise<number> {
    const now = this.#now();
    const rows = await transaction
      .selectFrom('pool_pair')
      .select(({ fn }) => ['state', fn.min('free_at').as('free_at'), fn.min('ends_at').as('ends_at')])
      .where(({ or, eb }) => or([eb('state', '!=', 'idle'), eb('free_at', '>', now)]))
      .$if(source !== undefined, (query) => query.where('source', '=', source ?? null))
      .groupBy('state')
      .execute();
    const moments = rows.map(({ state, free_at: freeAt, ends_at: endsAt }) =>
      state === 'idle' ? Number(freeAt) : Number(endsAt) + this.#limits.coolDownMs,
    );
    const seconds = Math.ceil((Math.min(now + 1_000 * mostRetrySeconds, ...moments) - now) / 1_000);
    return Math.max(leastRetrySeconds, seconds);
  }
}

interface Row {
  readonly impi: string;
  readonly impu: string;
  readonly state: 'idle' | 'leased' | 'returning';
  readonly lease: string | null;
  readonly source: string | null;
  readonly leased_at: number;
  readonly ends_at: number;
  readonly free_at: number;
  readonly is_current: 0 | 1;
}

const idle = { state: 'idle', lease: null, source: null, leased_at: 0, ends_at: 0, free_at: 0 } as const;

/** Pairs that are configured no more, or of an open range, once nobody can be meant by them. */
async function deleteRetired(transaction: Database, now: number): Promise<void> {
  await transaction
    .deleteFrom('pool_pair')
    .where('is_current', '=', 0)
    .where('state', '=', 'idle')
    .where('free_at', '<=', now)
    .execute();
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../sessions/database.ts';
import type { Lease, LeaseLimits } from './lease.ts';
import { PoolLeases } from './pool-leases.ts';
import { findPool } from './pool-pattern.ts';

const limits: LeaseLimits = {
  leaseMs: 90_000,
  userLeaseMs: 3_600_000,
  lifetimeMs: 7_200_000,
  coolDownMs: 60_000,
  perSource: 3,
  total: 4,
};

describe('PoolLeases', () => {
  let folder: string;
  let database: Database;
  let now: number;
  let count: number;

  beforeEach(async () => {
    now = 1_000_000_000;
    count = 0;
    folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
    database = await openDatabase(join(folder, 'wwsf.sqlite'));
  });

  afterEach(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true });
  });

  async function open(pattern = 'guest-1..3@ims.example', given: Partial<LeaseLimits> = {}): Promise<PoolLeases> {
    const pool = findPool(pattern);
    if (pool === undefined) throw new TypeError('expected a pool');
    const leases = new PoolLeases(database, pool, { ...limits, ...given }, () => now);
    await leases.open();
    return leases;
  }

  const take = (leases: PoolLeases, source?: string): Promise<Lease> => {
    count += 1;
    return leases.take({ key: `lease ${count}`, kind: 'guest', source: source ?? `address ${count}` });
  };

  async function giveBack(leases: PoolLeases, { key }: Lease): Promise<void> {
    await leases.startReturn(key);
    await leases.finishReturn(key, { wasUsed: true });
  }

  it('[X.4.2.1] [WWSF 4] leases each pair to one only, also when all ask at the same time', async () => {
    const leases = await open('guest-1..10@ims.example');
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => take(leases)));
    const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.impi] : []));
    expect(new Set(taken).size).toBe(10);
    expect(taken).toHaveLength(10);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(new Set(refused.map(({ reason }) => reason.code))).toEqual(new Set(['ERR_WWSF_POOL_EXHAUSTED']));
  });

  it('[X.4.2.1] [WWSF 4] a pair can be leased again after its return and the cool-down, not before', async () => {
    const leases = await open('guest-1..1@ims.example');
    const first = await take(leases);
    await leases.startReturn(first.key);
    await expect(take(leases)).rejects.toMatchObject({ code: 'ERR_WWSF_POOL_EXHAUSTED' });
    await leases.finishReturn(first.key, { wasUsed: true });
    now += 59_999;
    await expect(take(leases)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    now += 1;
    expect((await take(leases)).impi).toBe(first.impi);
  });

  it('[X.4.2.1] leases the pair first that has been unused for longest', async () => {
    const leases = await open();
    const [one, two, three] = [await take(leases), await take(leases), await take(leases)];
    for (const lease of [two, three, one]) {
      now += 10;
      await giveBack(leases, lease);
    }
    now += 60_000;
    const again = [await take(leases), await take(leases), await take(leases)];
    expect(again.map(({ impi }) => impi)).toEqual([two.impi, three.impi, one.impi]);
  });

  it('[X.4.2.1] a lease ends unless it is renewed, and in any case when its time is over', async () => {
    const leases = await open();
    const { key } = await take(leases);
    for (let round = 0; round < 80; round += 1) {
      now += 89_999;
      expect(await leases.renew(key, 'guest')).toBe(true);
    }
    now += 80;
    expect([await leases.renew(key, 'guest'), await leases.isLive(key)]).toEqual([false, false]);
    expect(await leases.findOverdue(9)).toEqual([key]);

    const other = await take(leases);
    now += 90_000;
    expect([await leases.renew(other.key, 'guest'), await leases.isLive(other.key)]).toEqual([false, false]);
  });

  it('[X.4.2.1] a restart forgets no lease, no return and no cool-down', async () => {
    const leases = await open();
    const [live, returning, cooling] = [await take(leases), await take(leases), await take(leases)];
    await leases.startReturn(returning.key);
    await giveBack(leases, cooling);
    const restarted = await open();
    expect(await restarted.isLive(live.key)).toBe(true);
    expect(await restarted.findReturning(9)).toEqual([returning.key]);
    expect(await restarted.count()).toEqual({ leased: 1, cooling: 2, free: 0 });
    await expect(take(restarted)).rejects.toMatchObject({ code: 'ERR_WWSF_POOL_EXHAUSTED' });
  });

  it('[X.4.2.1] a pair that is configured no more is returned first, then forgotten', async () => {
    const leases = await open('guest-1..2@ims.example');
    const lease = await take(leases);
    const smaller = await open('guest-2..2@ims.example');
    expect(await smaller.isLive(lease.key)).toBe(true);
    await giveBack(smaller, lease);
    now += 60_000;
    expect((await take(smaller)).impi).toBe('guest-2@ims.example');
    await expect(take(smaller)).rejects.toMatchObject({ code: 'ERR_WWSF_POOL_EXHAUSTED' });
    await open('guest-2..2@ims.example');
    expect(await database.selectFrom('pool_pair').select('impi').execute()).toEqual([{ impi: 'guest-2@ims.example' }]);
  });

  it('[X.4.2.1] one address keeps no more pairs from others than it may, cooling ones counted', async () => {
    const leases = await open('guest-1..9@ims.example');
    const [first] = [await take(leases, 'one'), await take(leases, 'one'), await take(leases, 'one')];
    await expect(take(leases, 'one')).rejects.toMatchObject({ code: 'ERR_WWSF_GUESTS_TOO_MANY' });
    await giveBack(leases, first);
    await expect(take(leases, 'one')).rejects.toMatchObject({
      code: 'ERR_WWSF_GUESTS_TOO_MANY',
      retryAfterSeconds: 60,
    });
    await take(leases, 'other');
    now += 60_000;
    await take(leases, 'one');
  });

  it('[X.4.2.1] a lease without a session is overdue, one with a session is not', async () => {
    const leases = await open();
    const [orphan, kept] = [await take(leases), await take(leases)];
    const session = { key: kept.key, owner: 'x', sealed: new Uint8Array(1), created_at: now, last_used_at: now };
    await database.insertInto('web_session').values(session).execute();
    now += 29_999;
    expect(await leases.findOverdue(9)).toEqual([]);
    now += 1;
    expect(await leases.findOverdue(9)).toEqual([orphan.key]);
  });

  it('[X.4.2.1] a pair that nobody has used need not rest', async () => {
    const leases = await open('guest-1..1@ims.example');
    const { key } = await take(leases);
    await leases.startReturn(key);
    await leases.finishReturn(key, { wasUsed: false });
    await take(leases);
  });

  it('[X.4.2.1] an open range gives another identity each time, bounded in how many live', async () => {
    const leases = await open('guest-*@ims.example');
    const taken = [await take(leases), await take(leases), await take(leases), await take(leases)];
    await expect(take(leases)).rejects.toMatchObject({ code: 'ERR_WWSF_POOL_EXHAUSTED' });
    for (const lease of taken) await giveBack(leases, lease);
    now += 60_000;
    await open('guest-*@ims.example');
    for (let round = 0; round < 4; round += 1) taken.push(await take(leases));
    expect(new Set(taken.map(({ impi }) => impi)).size).toBe(8);
    for (const { impi, impu } of taken) {
      expect(impi).toMatch(/^guest-[\da-f]{24}@ims\.example$/);
      expect(impu).toBe(`sip:${impi}`);
    }
  });

  it('[X.4.2.1] [WWSF 4] whatever happens in whatever order, no pair has two holders, or one within its cool-down', async () => {
    const step = fc.record({
      what: fc.constantFrom('take', 'take', 'renew', 'start', 'finish', 'sweep', 'restart'),
      who: fc.nat(9),
      later: fc.constantFrom(0, 1, 30_000, 60_000, 91_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await database.deleteFrom('pool_pair').execute();
        let leases = await open('guest-1..3@ims.example', { perSource: 2 });
        const held: Lease[] = [];
        const restingUntil = new Map<string, number>();
        for (const { what, who, later } of steps) {
          now += later;
          const lease = held[who % Math.max(1, held.length)];
          if (what === 'restart') leases = await open('guest-1..3@ims.example', { perSource: 2 });
          else if (what === 'take') {
            const taken = await Promise.allSettled([take(leases, `${who}`), take(leases, `${who + 1}`)]);
            for (const result of taken) {
              if (result.status === 'rejected') continue;
              expect(held.map(({ impi }) => impi)).not.toContain(result.value.impi);
              expect(restingUntil.get(result.value.impi) ?? 0).toBeLessThanOrEqual(now);
              held.push(result.value);
            }
          } else if (lease !== undefined) {
            if (what === 'renew') await leases.renew(lease.key, 'guest');
            if (what === 'start') await leases.startReturn(lease.key);
            if (what === 'sweep') for (const key of await leases.findOverdue(9)) await leases.startReturn(key);
            if (what === 'finish' && (await leases.findReturning(9)).includes(lease.key)) {
              await leases.finishReturn(lease.key, { wasUsed: true });
              restingUntil.set(lease.impi, now + limits.coolDownMs);
              held.splice(held.indexOf(lease), 1);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

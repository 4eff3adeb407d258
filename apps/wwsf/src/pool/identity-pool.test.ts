import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@wicgate/node-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WafDisagrees, WafUnavailable, type WwsfError } from '../errors.ts';
import { type Database, openDatabase } from '../sessions/database.ts';
import { HandedTokens } from '../sessions/handed-tokens.ts';
import { Sealer } from '../sessions/sealer.ts';
import { SessionStore } from '../sessions/session-store.ts';
import { IdentityPool } from './identity-pool.ts';
import type { PoolCounts } from './lease.ts';
import { PoolLeases } from './pool-leases.ts';
import { findPool } from './pool-pattern.ts';

/** A WAF that revokes, except the tokens that it is told to refuse, and while it is down. */
class RevokingWaf {
  readonly asked: string[] = [];
  readonly refused = new Set<string>();
  isDown = false;

  async revoke(token: string): Promise<void> {
    this.asked.push(token);
    const fault: WwsfError | undefined = this.isDown
      ? new WafUnavailable('ECONNREFUSED')
      : this.refused.has(token)
        ? new WafDisagrees('status 400')
        : undefined;
    if (fault !== undefined) throw fault;
  }
}

describe('IdentityPool', () => {
  let folder: string;
  let database: Database;
  let now: number;
  let waf: RevokingWaf;
  let pool: IdentityPool;
  let handed: HandedTokens;
  let counts: PoolCounts | undefined;

  beforeEach(async () => {
    now = 1_000_000_000;
    waf = new RevokingWaf();
    folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
    database = await openDatabase(join(folder, 'wwsf.sqlite'));
    const clock = (): number => now;
    const sealer = new Sealer(new Uint8Array(32));
    const described = findPool('guest-1..3@ims.example');
    if (described === undefined) throw new TypeError('expected a pool');
    const limits = { leaseMs: 90_000, userLeaseMs: 90_000, lifetimeMs: 900_000, coolDownMs: 60_000 };
    const leases = new PoolLeases(database, described, { ...limits, perSource: 9, total: 9 }, clock);
    await leases.open();
    handed = new HandedTokens(database, sealer, clock);
    pool = new IdentityPool({
      leases,
      sessions: new SessionStore(database, sealer, { lifetimeMs: 1e9, idleMs: 1e9, perUser: 9 }, clock),
      handedTokens: handed,
      waf,
      log: createLogger('wwsf', 'silent'),
      onChange: (given) => {
        counts = given;
      },
    });
  });

  afterEach(async () => {
    await pool.stop();
    await database.destroy();
    rmSync(folder, { recursive: true });
  });

  /** A guest with a token of this name, which lives for 300 s. */
  async function admit(name: string): Promise<string> {
    const { key } = await pool.take({ key: name, kind: 'guest', source: name });
    await handed.add(key, { accessToken: `token of ${name}`, accessTokenExpiresAt: now + 300_000 });
    return key;
  }

  it('[X.4.2.1] [RFC 7009 2] revokes all tokens of a lease, the newest first, before its pair rests', async () => {
    const key = await admit('ann');
    await handed.add(key, { accessToken: 'a newer token', accessTokenExpiresAt: now + 600_000 });
    await pool.end(key);
    expect(waf.asked).toEqual(['a newer token', 'token of ann']);
    expect(counts).toEqual({ leased: 0, cooling: 1, free: 2 });
    expect(await handed.of(key)).toEqual([]);
  });

  it('[X.4.2.1] keeps a pair out of use while the WAF is down, also once its tokens have expired: registrations outlive them', async () => {
    const key = await admit('ann');
    waf.isDown = true;
    await pool.end(key);
    for (const laterMs of [60_000, 240_000, 3_600_000]) {
      now += laterMs;
      await pool.sweep();
      expect(counts).toEqual({ leased: 0, cooling: 1, free: 2 });
      expect(await handed.of(key)).toHaveLength(1);
    }
    waf.isDown = false;
    await pool.sweep();
    expect(await handed.of(key)).toEqual([]);
    expect(counts?.cooling).toBe(1);
    now += 60_000;
    await pool.sweep();
    expect(counts).toEqual({ leased: 0, cooling: 0, free: 3 });
  });

  it('[X.4.2.1] asks a WAF that is down once a sweep, however many pairs wait for it', async () => {
    waf.isDown = true;
    for (const name of ['ann', 'ben', 'cem']) await admit(name);
    now += 90_000;
    await pool.sweep();
    expect(waf.asked).toHaveLength(1);
    waf.isDown = false;
    await pool.sweep();
    expect(waf.asked).toHaveLength(4);
    expect(counts).toEqual({ leased: 0, cooling: 3, free: 0 });
  });

  it('[X.4.2.1] a token that the WAF refuses to revoke keeps no other pair', async () => {
    const [ann, ben] = [await admit('ann'), await admit('ben')];
    waf.refused.add('token of ann');
    now += 90_000;
    await pool.sweep();
    expect([await handed.of(ann), await handed.of(ben)]).toEqual([[expect.anything()], []]);
    now += 86_400_000 + 300_000;
    await handed.deleteExpired();
    await pool.sweep();
    expect(counts).toEqual({ leased: 0, cooling: 0, free: 3 });
  });

  it('[X.4.2.1] a lease that is returned twice at the same time is returned once', async () => {
    const key = await admit('ann');
    await Promise.all([pool.end(key), pool.end(key), pool.sweep()]);
    expect(waf.asked).toEqual(['token of ann']);
  });

  it('[RFC 6749 10.3] keeps the last 64 tokens of a page, sealed', async () => {
    for (let count = 0; count < 70; count += 1) {
      await handed.add('ann', { accessToken: `token ${count}`, accessTokenExpiresAt: now });
    }
    const tokens = await handed.of('ann');
    expect([tokens.length, tokens[0]?.accessToken, tokens.at(-1)?.accessToken]).toEqual([64, 'token 69', 'token 6']);
    const { sealed } = await database.selectFrom('handed_token').select('sealed').executeTakeFirstOrThrow();
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('token');
    now += 86_400_001;
    await handed.deleteExpired();
    expect(await handed.of('ann')).toEqual([]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkOf } from '@wicgate/node-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { sweep } from '../store/expiry-sweep.ts';
import { LoginLimits } from './login-limits.ts';

let folder: string;
let database: Database;
let nowMs: number;
let limits: LoginLimits;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waf-limits-'));
  database = openDatabase(join(folder, 'waf.sqlite'));
  nowMs = 1_000_000;
  const settings = {
    WAF_LOGIN_FAILURES_PER_ACCOUNT: 2,
    WAF_LOGIN_FAILURES_OF_STRANGERS: 4,
    WAF_LOGIN_FAILURES_PER_ADDRESS: 3,
    WAF_LOGIN_FAILURE_WINDOW_SECONDS: 60,
  };
  limits = new LoginLimits(database, { hashing: 'k' }, settings, () => nowMs);
});

afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true });
});

const alice = { username: 'alice', address: '192.0.2.1', knownBrowserId: undefined };

describe('Login limits', () => {
  it('[X.3.2.3-0] let go when the oldest failure that counts is as old as the window', async () => {
    await limits.begin(alice);
    nowMs += 20_000;
    await limits.begin(alice);
    expect(await limits.begin(alice)).toEqual({ retryAfterSeconds: 40 });
    nowMs += 40_000;
    expect(await limits.findRefusal(alice)).toBeUndefined();
  });

  it('[X.3.2.3-0] keep the failures of an address when one of its logins succeeds', async () => {
    await limits.begin({ ...alice, username: 'zoe' });
    await limits.begin({ ...alice, username: 'yan' });
    const attempt = await limits.begin(alice);
    if ('succeeded' in attempt) await attempt.succeeded();
    expect(await limits.findRefusal(alice)).toBeUndefined();
    await limits.begin({ ...alice, username: 'xia' });
    expect(await limits.findRefusal(alice)).toEqual({ retryAfterSeconds: 60 });
  });

  it('[X.3.2.3-0] hold one address against an account, and let the others try it', async () => {
    await limits.begin(alice);
    await limits.begin(alice);
    expect(await limits.findRefusal(alice)).toEqual({ retryAfterSeconds: 60 });
    expect(await limits.findRefusal({ ...alice, address: '192.0.2.2' })).toBeUndefined();
  });

  it('[X.3.2.3-0] hold all strangers together, and not the browser that the account knows', async () => {
    for (let host = 1; host <= 4; host += 1) await limits.begin({ ...alice, address: `192.0.2.${host}` });
    expect(await limits.findRefusal({ ...alice, address: '192.0.2.9' })).toEqual({ retryAfterSeconds: 60 });
    const known = { ...alice, knownBrowserId: 'one' };
    for (const name of ['zoe', 'yan', 'xia']) await limits.begin({ ...alice, username: name });
    const attempt = await limits.begin(known);
    expect(attempt).toHaveProperty('succeeded');
    if ('succeeded' in attempt) await attempt.succeeded();
    expect(await limits.findRefusal({ ...alice, address: '192.0.2.9' })).toEqual({ retryAfterSeconds: 60 });
  });

  it('[X.3.2.3-0] hold a known browser by its own failures, and no stranger by them', async () => {
    const known = { ...alice, knownBrowserId: 'one' };
    await limits.begin(known);
    await limits.begin(known);
    expect(await limits.findRefusal(known)).toEqual({ retryAfterSeconds: 60 });
    expect(await limits.findRefusal({ ...known, knownBrowserId: 'other' })).toBeUndefined();
    expect(await limits.findRefusal(alice)).toBeUndefined();
  });

  it('[RFC 6750 5.3] store neither user names nor addresses, and nothing for longer than the window', async () => {
    await limits.begin(alice);
    const rows = await database.selectFrom('login_failure').selectAll().execute();
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).not.toMatch(/alice|192\.0\.2\.1/);
    await sweep(database, nowMs + 60_000);
    expect(await database.selectFrom('login_failure').selectAll().execute()).toEqual([]);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:0db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['2001:db8:1::', '2001:db8:1:0'],
  ])('[RFC 6177 2] count %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

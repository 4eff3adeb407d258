import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PoolIdentities } from '../grants/pool-identities.ts';
import { type Database, openDatabase } from './database.ts';
import { sweep } from './expiry-sweep.ts';

const lifetimeSeconds = 600;
const limits = { anonymousSessions: 9, poolIdentitiesPerClient: 3 };

let folder: string;
let database: Database;
let identities: PoolIdentities;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waf-sweep-'));
  database = openDatabase(join(folder, 'waf.sqlite'));
  identities = new PoolIdentities(database, lifetimeSeconds);
});

afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true });
});

const revoked = async (): Promise<string[]> =>
  (await database.selectFrom('revocation').select('value').execute()).map(({ value }) => value);

describe('Identities of pools', () => {
  it('[X.4.2.1] that nobody asked a token for in a long time are ended, and forgotten', async () => {
    const sid = await identities.use('one', 'guest-1@ims.example');
    await sweep(database, Date.now(), limits);
    expect(await revoked()).toEqual([]);
    await sweep(database, Date.now() + 1_000 * (lifetimeSeconds + 1), limits);
    expect(await revoked()).toEqual([sid]);
    expect(await database.selectFrom('pool_identity').selectAll().execute()).toEqual([]);
  });

  it('[X.4.2.1] of a client that takes ever more fill no disk: its oldest are ended, and no other client’s', async () => {
    const other = await identities.use('other', 'visitor-1@ims.example');
    const sids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const impi = `guest-${count}@ims.example`;
      sids.push(await identities.use('one', impi));
      // As if each had come a second after the one before.
      await database
        .updateTable('pool_identity')
        .set((update) => ({ expires_at: update('expires_at', '+', count) }))
        .where('impi', '=', impi)
        .execute();
    }
    await sweep(database, Date.now(), limits);
    expect(new Set(await revoked())).toEqual(new Set(sids.slice(0, 2)));
    const left = await database.selectFrom('pool_identity').select('sid').execute();
    expect(new Set(left.map(({ sid }) => sid))).toEqual(new Set([other, ...sids.slice(2)]));
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { Accounts } from '../accounts/accounts.ts';
import { openDatabase } from './database.ts';

const folder = mkdtempSync(join(tmpdir(), 'waf-database-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('Database', () => {
  it('[X.3.1 REQ 2.5] keeps the accounts of a first version', async () => {
    const file = join(folder, 'old.sqlite');
    const first = openDatabase(file);
    const alice = { username: 'alice', password: 'alice-demo', displayName: 'Alice', impi: 'alice@ims.example' };
    await new Accounts(first).create({ ...alice, impus: ['sip:alice@ims.example'] });
    await first.destroy();
    const old = new DatabaseSync(file);
    old.exec(`
      drop index account_impi; alter table account drop column barred_at;
      drop table client_grant; drop table pool_identity; drop table revocation; drop table revocation_delivery;
      pragma user_version = 1;
    `);
    old.close();
    for (const _ of ['first', 'second']) {
      const database = openDatabase(file);
      const accounts = new Accounts(database);
      expect(await accounts.find('alice')).toMatchObject({ impi: 'alice@ims.example', isBarred: false });
      await accounts.bar('alice');
      await accounts.unbar('alice');
      await database.destroy();
    }
  });

  it('[configuration] refuses one of a newer version', () => {
    const file = join(folder, 'new.sqlite');
    const newer = new DatabaseSync(file);
    newer.exec('pragma user_version = 99');
    newer.close();
    expect(() => openDatabase(file)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }));
  });
});

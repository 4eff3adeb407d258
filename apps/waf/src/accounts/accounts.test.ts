import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../store/database.ts';
import { Accounts, type NewAccount } from './accounts.ts';

const alice: NewAccount = {
  username: 'alice',
  password: 'alice-demo',
  displayName: 'Alice',
  impi: 'alice@ims.example',
  impus: ['sip:alice@ims.example', 'tel:+15550100'],
};
let folder: string;
let database: Database;
let accounts: Accounts;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waf-accounts-'));
  database = openDatabase(join(folder, 'waf.sqlite'));
  accounts = new Accounts(database);
});

afterEach(async () => {
  await database.destroy();
  rmSync(folder, { recursive: true });
});

describe('Accounts', () => {
  it('[X.3.1 REQ 2.5] map a user name to IMPI and IMPUs', async () => {
    await accounts.create(alice);
    const { username, displayName, impi, impus } = alice;
    expect(await accounts.find('ALICE')).toMatchObject({ username, displayName, impi, impus });
    expect(await accounts.findByPassword('alice', 'alice-demo')).toMatchObject({ impi });
    expect(await accounts.findByPassword('alice', 'alice-demO')).toBeUndefined();
    expect(await accounts.findByPassword('bob', 'alice-demo')).toBeUndefined();
  });

  it('[X.3.1 REQ 2.5] have an identifier of their own, so that a namesake is somebody else', async () => {
    await accounts.create(alice);
    const first = await accounts.find('alice');
    await accounts.remove('alice');
    expect(await accounts.list()).toEqual([]);
    await accounts.create(alice);
    expect((await accounts.find('alice'))?.id).not.toBe(first?.id);
  });

  it('[errors] are not created twice, nor removed where there is none', async () => {
    await accounts.create(alice);
    await expect(accounts.create({ ...alice, username: 'Alice' })).rejects.toMatchObject({
      code: 'ERR_WAF_ACCOUNT_EXISTS',
    });
    await expect(accounts.remove('bob')).rejects.toMatchObject({ code: 'ERR_WAF_ACCOUNT_NOT_FOUND' });
  });

  it.each<[keyof NewAccount, Partial<NewAccount>]>([
    ['username', { username: '' }],
    ['username', { username: 'two words' }],
    ['username', { username: 'x'.repeat(129) }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(257) }],
    ['displayName', { displayName: '' }],
    ['impi', { impi: 'alice' }],
    ['impus', { impus: [] }],
    ['impus', { impus: ['alice@ims.example'] }],
    ['impus', { impus: ['sip:alice@ims.example\r\nX: y'] }],
  ])('[errors] refuse a bad %s by name', async (field, changed) => {
    await expect(accounts.create({ ...alice, ...changed })).rejects.toMatchObject({
      code: 'ERR_WAF_ACCOUNT_INVALID',
      message: expect.stringContaining(field),
    });
  });
});

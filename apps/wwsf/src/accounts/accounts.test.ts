import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPassword } from '@wicgate/node-kit';
import { afterAll, describe, expect, it } from 'vitest';
import { createAccount, type NewAccount } from './account.ts';
import { Accounts } from './accounts.ts';
import { writeAccountsFile } from './accounts-file.ts';

const alice: NewAccount = {
  username: 'alice',
  displayName: 'Alice',
  password: 'alice-demo',
  impi: 'alice@ims.example',
  impus: ['sip:alice@ims.example'],
};

describe('accounts of the WWSF', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wwsf-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('[X.3.2.3-0] does the same work for a user it does not know', async () => {
    const file = join(folder, 'accounts.json');
    writeAccountsFile(file, [await createAccount(alice)]);
    const compared: string[] = [];
    const accounts = new Accounts(
      file,
      () => undefined,
      (password, stored) => {
        compared.push(password);
        return isPassword(password, stored);
      },
    );
    expect(await accounts.findByPassword('nobody', 'one-password')).toBeUndefined();
    expect(await accounts.findByPassword('alice', 'other-password')).toBeUndefined();
    expect((await accounts.findByPassword('ALICE', 'alice-demo'))?.impi).toBe('alice@ims.example');
    expect(compared).toEqual(['one-password', 'other-password', 'alice-demo']);
  });

  it.each([
    ['password', { password: 'short' }],
    ['password', { password: 'hunter2'.repeat(50) }],
    ['username', { username: 'a b' }],
    ['username', { username: '' }],
    ['impi', { impi: 'alice' }],
    ['impus', { impus: ['alice'] }],
    ['account', { impus: [] }],
    ['account', { impi: undefined }],
  ])('[REQ 2.5] refuses an account by its %s: %j', async (field, change) => {
    const created = createAccount({ ...alice, ...change });
    await expect(created).rejects.toMatchObject({ code: 'ERR_WWSF_ACCOUNT_INVALID' });
    await expect(created).rejects.toThrow(field);
    await expect(created).rejects.not.toThrow('hunter2');
  });

  const command = (file: string, input: string, ...parameters: readonly string[]) =>
    spawnSync(process.execPath, [fileURLToPath(new URL('../account.ts', import.meta.url)), ...parameters], {
      input,
      env: { ...process.env, WWSF_ACCOUNTS_FILE: file },
      encoding: 'utf8',
    });

  it('[operation] are added, listed and removed by a command', async () => {
    const file = join(folder, 'by-hand.json');
    const identities = ['--impi', 'alice@ims.example', '--impu', 'sip:alice@ims.example'];
    expect(command(file, 'alice-demo\n', 'add', 'Alice', ...identities).status).toBe(0);
    expect(command(file, 'zoe-demo-1', 'add', 'zoe', '--name', 'Zoe Z').status).toBe(0);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect(readFileSync(file, 'utf8')).not.toContain('alice-demo');
    expect(command(file, '', 'list').stdout).toBe(
      'alice\talice@ims.example\tsip:alice@ims.example\tAlice\nzoe\tpool\t\tZoe Z\n',
    );
    const accounts = new Accounts(file, () => undefined);
    expect((await accounts.findByPassword('alice', 'alice-demo'))?.display_name).toBe('Alice');
    expect(command(file, '', 'remove', 'ALICE').status).toBe(0);
    expect(await accounts.findByPassword('alice', 'alice-demo')).toBeUndefined();
  });

  it('[operation] the command says what it expects, and shows no password', () => {
    const file = join(folder, 'never.json');
    expect(command(file, '', 'add').status).toBe(2);
    expect(command(file, 'hunter2', 'add', 'alice')).toMatchObject({
      status: 1,
      stderr: 'password: expected 8 to 256 characters\n',
    });
    expect(command(file, '', 'remove', 'alice')).toMatchObject({
      status: 1,
      stderr: 'no account has this user name\n',
    });
    expect(command('', '', 'list').status).toBe(2);
  });
});

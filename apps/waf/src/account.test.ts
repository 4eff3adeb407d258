/**
 * The command line for accounts: what it does, and that it is a program.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runAccountCommand } from './run-account-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'waf-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly fault: string;
}

async function run(parameters: readonly string[], input = '', state = folder): Promise<Outcome> {
  const texts = { output: '', fault: '' };
  const code = await runAccountCommand(parameters, {
    env: { WAF_STATE_DIR: state },
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { write: (text) => (texts.output += text) },
    stderr: { write: (text) => (texts.fault += text) },
  });
  return { code, ...texts };
}

const identities = ['--impi', 'alice@ims.example', '--impu', 'sip:alice@ims.example', '--impu', 'tel:+15550100'];

describe('account.ts', () => {
  it('[operation] is a program: its parameters, standard input, and exit status', () => {
    const program = fileURLToPath(new URL('./account.ts', import.meta.url));
    const env = { ...process.env, WAF_STATE_DIR: join(folder, 'program') };
    const start = (parameters: readonly string[], input: string) =>
      spawnSync(process.execPath, [program, ...parameters], { env, input, encoding: 'utf8' });
    expect(start(['create', 'äda', ...identities], 'äda-demo\n')).toMatchObject({ status: 0, stderr: '' });
    expect(start(['list'], '').stdout).toMatch(/^äda\t/);
    expect(start(['change'], '')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^expected one of/) });
  });

  it('[configuration] takes no password that is typed where everybody sees it', async () => {
    const stdin = Object.assign(Readable.from([]), { isTTY: true });
    let fault = '';
    const env = { WAF_STATE_DIR: folder };
    const stderr = { write: (text: string) => (fault += text) };
    const code = await runAccountCommand(['create', 'x', ...identities], { env, stdin, stdout: stderr, stderr });
    expect([code, fault]).toEqual([1, expect.stringMatching(/^expected the password on standard input/)]);
  });

  it('[X.3.1 REQ 2.5] creates, lists and removes', async () => {
    expect(await run(['create', 'alice', ...identities, '--name', 'Alice'], 'alice-demo\n')).toMatchObject({
      code: 0,
      fault: '',
    });
    expect((await run(['list'])).output).toBe('alice\talice@ims.example\tsip:alice@ims.example tel:+15550100\tAlice\n');
    expect(await run(['create', 'alice', ...identities], 'alice-demo')).toMatchObject({
      code: 1,
      fault: 'an account of this user name exists already\n',
    });
    expect(await run(['remove', 'alice'])).toMatchObject({ code: 0 });
    expect(await run(['list'])).toMatchObject({ code: 0, output: '' });
  });

  it('[REQ 2.1] [REQ 2.2] allows, shows and revokes web operators, and bars accounts', async () => {
    await run(['create', 'carol', ...identities], 'carol-demo');
    expect(await run(['allow', 'carol', 'wwsf.partner.example'])).toMatchObject({ code: 0, fault: '' });
    expect((await run(['grants', 'carol'])).output).toMatch(/^wwsf\.partner\.example\tstanding\t20\S+Z\tnever\n$/);
    expect(await run(['revoke', 'carol', 'wwsf.partner.example'])).toMatchObject({ code: 0 });
    expect(await run(['grants', 'carol'])).toMatchObject({ code: 0, output: '' });
    expect(await run(['bar', 'carol'])).toMatchObject({ code: 0 });
    expect((await run(['list'])).output).toMatch(/\tbarred\n$/);
    expect(await run(['unbar', 'carol'])).toMatchObject({ code: 0 });
    expect(await run(['allow', 'nobody', 'x'])).toMatchObject({ code: 1, fault: 'no account has this user name\n' });
    expect(await run(['remove', 'carol'])).toMatchObject({ code: 0 });
  });

  it('[configuration] says what it expects, and repeats no password', async () => {
    const short = await run(['create', 'alice', ...identities], 'short');
    expect(short).toMatchObject({ code: 1, fault: expect.stringMatching(/^password: /) });
    expect(short.fault).not.toContain('short');
    expect(await run(['remove', 'alice'])).toMatchObject({ code: 1, fault: 'no account has this user name\n' });
    expect(await run(['change'])).toMatchObject({ code: 2, fault: expect.stringMatching(/^expected one of/) });
    expect(await run(['create', 'x', '--frob'])).toMatchObject({ code: 2 });
    expect(await run(['list'], '', '')).toMatchObject({ code: 1, fault: expect.stringContaining('WAF_STATE_DIR') });
  });

  it('[configuration] shows its usage before it asks for anything', async () => {
    for (const parameters of [
      [],
      ['--help'],
      ['create'],
      ['list', 'all'],
      ['remove', 'alice', 'bob'],
      ['allow', 'alice'],
      ['constructor'],
    ]) {
      expect(await run(parameters, '', '')).toMatchObject({
        code: 2,
        fault: expect.stringMatching(/^expected one of/),
      });
    }
  });

  it('[configuration] refuses a file, a mistyped path, and a folder that cannot be made', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    for (const state of [file, join(folder, 'no', 'such', 'folder'), '/proc/x']) {
      const refused = await run(['list'], '', state);
      expect(refused).toMatchObject({
        code: 1,
        fault: expect.stringMatching(/^WAF_STATE_DIR: expected a writable folder/),
      });
    }
  });
});

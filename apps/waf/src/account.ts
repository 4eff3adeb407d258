/**
 * Accounts of a WAF that runs alone, by hand; works beside a running WAF.
 *
 * @module
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigInvalid, readEnvironment } from '@wicgate/node-kit';
import { Accounts } from './accounts/accounts.ts';
import { configSchema } from './config.ts';
import { AccountInvalid, WafError } from './errors.ts';
import { openDatabase } from './store/database.ts';
import { databaseFile } from './store/database-file.ts';

const usage = `expected one of (WAF_STATE_DIR names the folder of the WAF):
  account.ts create USERNAME --impi IMPI --impu IMPU [--impu IMPU …] [--name NAME]   the password on standard input
  account.ts list
  account.ts remove USERNAME
`;
const inputLimit = 4_096;

process.exitCode = await run(process.argv.slice(2));

async function run(parameters: string[]): Promise<number> {
  try {
    const { WAF_STATE_DIR: folder } = readEnvironment(configSchema.pick({ WAF_STATE_DIR: true }), process.env);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const database = openDatabase(databaseFile(folder));
    try {
      return await obey(parameters, new Accounts(database));
    } finally {
      await database.destroy();
    }
  } catch (error) {
    if (!(error instanceof WafError || error instanceof ConfigInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function obey(parameters: string[], accounts: Accounts): Promise<number> {
  const { positionals, values } = readParameters(parameters) ?? { positionals: [], values: {} };
  const [verb, username, ...more] = positionals;
  if (verb === 'list' && username === undefined) {
    for (const account of await accounts.list()) {
      process.stdout.write(
        `${account.username}\t${account.impi}\t${account.impus.join(' ')}\t${account.displayName}\n`,
      );
    }
    return 0;
  }
  if (verb === 'remove' && username !== undefined && more.length === 0) {
    await accounts.remove(username);
    return 0;
  }
  if (verb === 'create' && username !== undefined && more.length === 0) {
    const { impi = '', impu: impus = [], name: displayName = username } = values;
    await accounts.create({ username, impi, impus, displayName, password: await readPassword() });
    return 0;
  }
  process.stderr.write(usage);
  return 2;
}

function readParameters(args: string[]) {
  try {
    const string = { type: 'string' } as const;
    return parseArgs({
      args,
      allowPositionals: true,
      options: { impi: string, impu: { ...string, multiple: true }, name: string },
    });
  } catch {
    return undefined;
  }
}

/** The first line of standard input. Not typed at a terminal, which would show it. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) {
    throw new AccountInvalid(
      'expected the password on standard input, e.g. read -rs P; printf %s "$P" | node src/account.ts create …',
    );
  }
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > inputLimit) throw new AccountInvalid('password: expected one short line');
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

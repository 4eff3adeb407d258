/**
 * Accounts of a WAF that runs alone, by hand; works beside a running WAF.
 *
 * @module
 */
import { mkdirSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigInvalid, readEnvironment } from '@wicgate/node-kit';
import { Accounts } from './accounts/accounts.ts';
import { configSchema } from './config.ts';
import { AccountInvalid, WafError } from './errors.ts';
import { openDatabase } from './store/database.ts';
import { databaseFile } from './store/database-file.ts';

const usage = `expected one of
  account.ts create USERNAME --impi IMPI --impu IMPU [--impu IMPU …] [--name NAME]   the password on standard input
  account.ts list
  account.ts remove USERNAME
and in WAF_STATE_DIR the folder of the WAF, for example
  printf %s 'a password' | WAF_STATE_DIR=.state/8443/waf node apps/waf/src/account.ts \\
    create erin --impi erin@ims.example --impu sip:erin@ims.example
`;
const inputLimit = 4_096;

type Obey = (accounts: Accounts) => Promise<void>;

process.exitCode = await run(process.argv.slice(2));

async function run(parameters: string[]): Promise<number> {
  const obey = findCommand(parameters);
  if (obey === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  try {
    const { WAF_STATE_DIR: folder } = readEnvironment(configSchema.pick({ WAF_STATE_DIR: true }), process.env);
    await withAccounts(folder, obey);
    return 0;
  } catch (error) {
    if (!(error instanceof WafError || error instanceof ConfigInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function withAccounts(folder: string, obey: Obey): Promise<void> {
  createFolder(folder);
  const database = openDatabase(databaseFile(folder));
  try {
    await obey(new Accounts(database));
  } finally {
    await database.destroy();
  }
}

/** Its parent must be there: a whole path that is missing is a mistyped one. @throws {ConfigInvalid} */
function createFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    throw new ConfigInvalid('WAF_STATE_DIR: expected a writable folder, or a new one in a folder that exists', {
      cause,
    });
  }
}

function findCommand(parameters: string[]): Obey | undefined {
  const { positionals, values } = readParameters(parameters) ?? { positionals: [], values: {} };
  const [verb, username, ...more] = positionals;
  if (verb === 'list' && username === undefined) return list;
  if (username === undefined || more.length > 0) return undefined;
  if (verb === 'remove') return (accounts) => accounts.remove(username);
  if (verb !== 'create') return undefined;
  const { impi = '', impu: impus = [], name: displayName = username } = values;
  return async (accounts) => accounts.create({ username, impi, impus, displayName, password: await readPassword() });
}

async function list(accounts: Accounts): Promise<void> {
  for (const { username, impi, impus, displayName } of await accounts.list()) {
    process.stdout.write(`${username}\t${impi}\t${impus.join(' ')}\t${displayName}\n`);
  }
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
      'expected the password on standard input, e.g. read -rs P; printf %s "$P" | node apps/waf/src/account.ts create …',
    );
  }
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > inputLimit) throw new AccountInvalid('password: expected one short line');
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

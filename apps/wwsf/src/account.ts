/**
 * Accounts of a WWSF that signs its users in itself, by hand; works beside a running WWSF, which sees the change.
 *
 * @module
 */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigInvalid } from '@wicgate/node-kit';
import { type Account, createAccount, foldUsername } from './accounts/account.ts';
import { readAccountsFile, writeAccountsFile } from './accounts/accounts-file.ts';
import { AccountInvalid, WwsfError } from './errors.ts';

const usage = `expected one of
  account.ts add USERNAME [--impi IMPI --impu IMPU [--impu IMPU …]] [--name NAME]   the password on standard input;
                                                       without --impi, identities of the pool are leased at each sign-in
  account.ts list
  account.ts remove USERNAME
and in WWSF_ACCOUNTS_FILE the file, for example
  printf %s 'a password' | WWSF_ACCOUNTS_FILE=.state/accounts.json node apps/wwsf/src/account.ts \\
    add alice --impi alice@ims.example --impu sip:alice@ims.example
`;
const inputLimit = 4_096;

type Obey = (file: string) => Promise<void>;

process.exitCode = await run(process.argv.slice(2));

async function run(parameters: string[]): Promise<number> {
  const obey = findCommand(parameters);
  const file = process.env.WWSF_ACCOUNTS_FILE;
  if (obey === undefined || file === undefined || file === '') {
    process.stderr.write(usage);
    return 2;
  }
  try {
    await obey(file);
    return 0;
  } catch (error) {
    if (!(error instanceof WwsfError || error instanceof ConfigInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function findCommand(parameters: string[]): Obey | undefined {
  const { positionals, values } = readParameters(parameters) ?? { positionals: [], values: {} };
  const [verb, username, ...more] = positionals;
  if (verb === 'list' && username === undefined) return list;
  if (username === undefined || more.length > 0) return undefined;
  if (verb === 'remove') return (file) => remove(file, foldUsername(username));
  if (verb !== 'add') return undefined;
  const { impi, impu: impus = [], name: displayName = username } = values;
  return async (file) => {
    const accounts = read(file);
    const account = await createAccount({ username, displayName, password: await readPassword(), impi, impus });
    if (accounts.some((other) => other.username === account.username)) {
      throw new AccountInvalid('an account of this user name exists already');
    }
    writeAccountsFile(file, [...accounts, account]);
  };
}

async function list(file: string): Promise<void> {
  for (const { username, display_name: name, impi, impus } of read(file)) {
    process.stdout.write(`${username}\t${impi ?? 'pool'}\t${impus.join(' ')}\t${name}\n`);
  }
}

async function remove(file: string, username: string): Promise<void> {
  const accounts = read(file);
  const kept = accounts.filter((account) => account.username !== username);
  if (kept.length === accounts.length) throw new AccountInvalid('no account has this user name');
  writeAccountsFile(file, kept);
}

/** A file that is not there yet has no accounts. */
function read(file: string): readonly Account[] {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? [] : readAccountsFile(file);
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
      'expected the password on standard input, e.g. read -rs P; printf %s "$P" | node apps/wwsf/src/account.ts add …',
    );
  }
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > inputLimit) throw new AccountInvalid('password: expected one short line');
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

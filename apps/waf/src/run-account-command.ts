/**
 * Accounts of a WAF that runs alone and what they grant, by hand; works beside a running WAF, which tells the eP-CSCFs
 * of what ends here.
 *
 * @module
 */
import { mkdirSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigInvalid, readEnvironment } from '@wicgate/node-kit';
import { Accounts } from './accounts/accounts.ts';
import { configSchema } from './config.ts';
import { AccountInvalid, WafError } from './errors.ts';
import { ClientGrants } from './grants/client-grants.ts';
import { openDatabase } from './store/database.ts';
import { databaseFile } from './store/database-file.ts';

const usage = `expected one of
  account.ts create USERNAME --impi IMPI --impu IMPU [--impu IMPU …] [--name NAME]   the password on standard input
  account.ts list
  account.ts remove USERNAME
  account.ts bar USERNAME               lets nobody in, and ends sessions, tokens and registrations
  account.ts unbar USERNAME
  account.ts grants USERNAME            which web operators may register in this name
  account.ts allow USERNAME CLIENT_ID
  account.ts revoke USERNAME CLIENT_ID
and in WAF_STATE_DIR the folder of the WAF, for example
  printf %s 'a password' | WAF_STATE_DIR=.state/8443/waf node apps/waf/src/account.ts \\
    create erin --impi erin@ims.example --impu sip:erin@ims.example
`;
const inputLimit = 4_096;

type Obey = (parts: Parts) => Promise<void>;

/** What a process has. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean | undefined };
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

interface Parts extends Surroundings {
  readonly accounts: Accounts;
  readonly grants: ClientGrants;
}

/** The exit status: 0 done, 1 refused, 2 not understood. */
export async function runAccountCommand(parameters: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, stderr } = surroundings;
  const obey = findCommand(parameters);
  if (obey === undefined) {
    stderr.write(usage);
    return 2;
  }
  try {
    const { WAF_STATE_DIR: folder } = readEnvironment(configSchema.pick({ WAF_STATE_DIR: true }), env);
    await withAccounts(folder, surroundings, obey);
    return 0;
  } catch (error) {
    if (!(error instanceof WafError || error instanceof ConfigInvalid)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function withAccounts(folder: string, surroundings: Surroundings, obey: Obey): Promise<void> {
  createFolder(folder);
  const database = openDatabase(databaseFile(folder));
  try {
    await obey({ ...surroundings, accounts: new Accounts(database), grants: new ClientGrants(database) });
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

function findCommand(parameters: readonly string[]): Obey | undefined {
  const { positionals, values } = readParameters(parameters) ?? { positionals: [], values: {} };
  const [verb = '', ...operands] = positionals;
  const command = commands[verb as keyof typeof commands] as Command | undefined;
  if (command?.operands !== operands.length) return undefined;
  return (parts) => command.run(parts, operands[0] ?? '', operands[1] ?? '', values);
}

type Options = Readonly<Partial<{ impi: string; impu: string[]; name: string }>>;

interface Command {
  readonly operands: number;
  readonly run: (parts: Parts, username: string, clientId: string, options: Options) => Promise<void>;
}

const commands = {
  create: { operands: 1, run: (parts, username, _clientId, options) => create(parts, username, options) },
  list: { operands: 0, run: list },
  remove: { operands: 1, run: ({ accounts }, username) => accounts.remove(username) },
  bar: { operands: 1, run: ({ accounts }, username) => accounts.bar(username) },
  unbar: { operands: 1, run: ({ accounts }, username) => accounts.unbar(username) },
  grants: { operands: 1, run: listGrants },
  allow: { operands: 2, run: ({ grants }, username, clientId) => grants.allow(username, clientId) },
  revoke: { operands: 2, run: ({ grants }, username, clientId) => grants.remove(username, clientId) },
} as const satisfies Readonly<Record<string, Command>>;

async function create({ accounts, stdin }: Parts, username: string, options: Options): Promise<void> {
  const { impi = '', impu: impus = [], name: displayName = username } = options;
  await accounts.create({ username, impi, impus, displayName, password: await readPassword(stdin) });
}

async function listGrants({ grants, stdout }: Parts, username: string): Promise<void> {
  for (const { clientId, standing, since, lastUsed } of await grants.list(username)) {
    const used = lastUsed === undefined ? 'never' : isoTime(lastUsed);
    stdout.write(`${clientId}\t${standing ? 'standing' : 'consent'}\t${isoTime(since)}\t${used}\n`);
  }
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

async function list({ accounts, stdout }: Parts): Promise<void> {
  for (const { username, impi, impus, displayName, isBarred } of await accounts.list()) {
    const barred = isBarred ? '\tbarred' : '';
    stdout.write(`${username}\t${impi}\t${impus.join(' ')}\t${displayName}${barred}\n`);
  }
}

function readParameters(args: readonly string[]) {
  try {
    const string = { type: 'string' } as const;
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { impi: string, impu: { ...string, multiple: true }, name: string },
    });
  } catch {
    return undefined;
  }
}

/** The first line of standard input. Not typed at a terminal, which would show it. */
async function readPassword(stdin: Surroundings['stdin']): Promise<string> {
  if (stdin.isTTY === true) {
    throw new AccountInvalid(
      'expected the password on standard input, e.g. read -rs P; printf %s "$P" | node apps/waf/src/account.ts create …',
    );
  }
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (text.length > inputLimit) throw new AccountInvalid('password: expected one short line');
  }
  return text.split(/\r?\n/, 1)[0] ?? '';
}

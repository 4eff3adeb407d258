/**
 * The file of the users whom the WWSF authenticates itself: JSON, `{ "accounts": [ … ] }`, each as in `account.ts`.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { z } from 'zod';
import { type Account, accountSchema } from './account.ts';

const maxOctets = 64 * 1024 * 1024;
const fileSchema = z
  .strictObject({ accounts: z.array(accountSchema) })
  .refine(({ accounts }) => new Set(accounts.map(({ username }) => username)).size === accounts.length);

/** @throws {ConfigInvalid} */
export function readAccountsFile(path: string): readonly Account[] {
  try {
    const content = readFileSync(path);
    if (content.length <= maxOctets) return fileSchema.parse(JSON.parse(content.toString('utf8'))).accounts;
  } catch {
    // Neither message may quote the file: it holds hashes of passwords.
  }
  throw new ConfigInvalid(
    'WWSF_ACCOUNTS_FILE: expected a readable file of accounts, each user name once, as apps/wwsf/src/account.ts writes it',
  );
}

/** Whole or not at all, readable by its owner only. */
export function writeAccountsFile(path: string, accounts: readonly Account[]): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify({ accounts }, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
}

/** Changes with each write of the file; undefined: there is none. */
export function versionOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat && `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

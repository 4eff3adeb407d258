/**
 * Profile files for the soft ISIM: what an operator would hand out with a SIM.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { akaAccounts, isimProfile } from './demo-accounts.ts';

/** Their paths, in the order of the accounts; readable by their owner only. */
export function writeIsimProfiles(stateFolder: string, homeDomain: string): readonly string[] {
  const folder = join(stateFolder, 'isim-profiles');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return akaAccounts(homeDomain).map((account) => {
    const file = join(folder, `${account.impi.split('@')[0]}.json`);
    writeFileSync(file, `${JSON.stringify(isimProfile(account), undefined, 2)}\n`, { mode: 0o600 });
    return file;
  });
}

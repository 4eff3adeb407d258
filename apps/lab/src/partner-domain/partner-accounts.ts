/**
 * The people of the partner domain: subscribers of the home network, known there by the same names and passwords.
 *
 * @module
 */
import { createAccount, writeAccountsFile } from '@wicgate/wwsf';
import { type DemoAccount, webAccounts } from '../demo-accounts.ts';

const names = ['alice', 'bob', 'carol'];
/** Whose subscriptions allow the partner's WAF and WWSF. */
const allowed = ['alice', 'bob'];

export function partnerAccounts(homeDomain: string): readonly DemoAccount[] {
  return webAccounts(homeDomain).filter(({ username }) => names.includes(username));
}

export function allowedAccounts(homeDomain: string): readonly DemoAccount[] {
  return partnerAccounts(homeDomain).filter(({ username }) => allowed.includes(username));
}

/** Writes what the partner's WWSF signs them in by. */
export async function writePartnerAccounts(file: string, homeDomain: string): Promise<void> {
  const accounts = partnerAccounts(homeDomain).map(({ username, displayName, password, impi, impu }) =>
    createAccount({ username, displayName, password, impi, impus: [impu] }),
  );
  writeAccountsFile(file, await Promise.all(accounts));
}

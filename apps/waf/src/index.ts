export type { Account, Accounts, NewAccount } from './accounts/accounts.ts';
export { type Config, configSchema, readConfig } from './config.ts';
export { AccountExists, AccountInvalid, AccountNotFound, type AnyWafError, WafError } from './errors.ts';
export { type RunningWaf, start } from './start.ts';

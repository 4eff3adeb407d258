export { type Account, createAccount, type NewAccount } from './accounts/account.ts';
export { writeAccountsFile } from './accounts/accounts-file.ts';
export { type Config, configSchema, readConfig } from './config.ts';
export { type RunningWwsf, start } from './start.ts';

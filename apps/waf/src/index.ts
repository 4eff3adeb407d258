export type { Account, Accounts, NewAccount } from './accounts/accounts.ts';
export { type Config, configSchema, readConfig } from './config.ts';
export {
  AccountExists,
  AccountInvalid,
  AccountNotFound,
  type AnyWafError,
  ClientIdInvalid,
  WafError,
} from './errors.ts';
export type { ClientGrant, ClientGrants } from './grants/client-grants.ts';
export { type RunningWaf, start } from './start.ts';

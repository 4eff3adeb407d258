/**
 * Authentication of a person by web credentials (TS 33.203 X.3.2.3 step 0.1), behind limits.
 *
 * @module
 */
import { passwordMaxLength, WorkSlots } from '@wicgate/node-kit';
import { type Account, type Accounts, foldUsername, usernameMaxLength } from '../accounts/accounts.ts';
import type { KnownBrowser } from './known-browsers.ts';
import type { LoginLimits, LoginSource } from './login-limits.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly address: string;
  /** Whose browser this is known to be. */
  readonly known: KnownBrowser | undefined;
}

export type SignInResult =
  | { readonly status: 'succeeded'; readonly account: Account }
  | { readonly status: 'failed' }
  | { readonly status: 'barred' }
  | { readonly status: 'limited'; readonly retryAfterSeconds: number }
  | { readonly status: 'busy' };

/** The thread pool has four threads, and files need some; each check takes 32 MiB while it runs. */
const checksAtOnce = 2;
const checksWaiting = 64;

/** What checks credentials; wrong password and unknown user name differ neither in answer nor in time. */
export function createSignIn(
  accounts: Accounts,
  limits: LoginLimits,
): (credentials: Credentials) => Promise<SignInResult> {
  const slots = new WorkSlots(checksAtOnce, checksWaiting);
  const check = async (credentials: Credentials, source: LoginSource): Promise<SignInResult> => {
    const attempt = await limits.begin(source);
    if ('retryAfterSeconds' in attempt) return { status: 'limited', ...attempt };
    const account = await accounts.findByPassword(credentials.username, credentials.password);
    if (account === undefined) return { status: 'failed' };
    await attempt.succeeded();
    // Only who knows the password hears of it.
    if (account.isBarred) return { status: 'barred' };
    return { status: 'succeeded', account };
  };
  return async (credentials) => {
    if (!isPlausible(credentials)) return { status: 'failed' };
    const source = await readSource(accounts, credentials);
    const refusal = await limits.findRefusal(source);
    if (refusal !== undefined) return { status: 'limited', ...refusal };
    return slots.run(() => check(credentials, source)) ?? { status: 'busy' };
  };
}

/** A known browser is a stranger to every account but its own. */
async function readSource(accounts: Accounts, { username, address, known }: Credentials): Promise<LoginSource> {
  const account = known && (await accounts.findById(known.accountId));
  const isOwn = account !== undefined && account.username === foldUsername(username);
  return { username, address, knownBrowserId: isOwn ? known?.id : undefined };
}

/** Whether an account could have these: nothing is hashed or counted for what cannot succeed. */
function isPlausible({ username, password }: Credentials): boolean {
  const lengths = [username.length <= usernameMaxLength, password.length <= passwordMaxLength];
  return username !== '' && password !== '' && lengths.every(Boolean);
}

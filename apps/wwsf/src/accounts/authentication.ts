/**
 * Authentication of a user by web credentials in the WWSF itself (TS 33.203 X.3.2.3 step 0.1), behind limits.
 *
 * @module
 */
import { passwordMaxLength, WorkSlots } from '@wicgate/node-kit';
import { type Account, foldUsername, usernameMaxLength } from './account.ts';
import type { Accounts } from './accounts.ts';
import type { KnownBrowsers } from './known-browsers.ts';
import type { LoginLimits } from './login-limits.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly address: string;
  /** What the browser was given at an earlier sign-in, or says so. */
  readonly known: string | undefined;
}

export type AuthenticationFault =
  | { readonly status: 'failed' }
  | { readonly status: 'limited'; readonly retryAfterSeconds: number }
  | { readonly status: 'busy' };

export type AuthenticationResult = { readonly status: 'succeeded'; readonly account: Account } | AuthenticationFault;

export interface AuthenticationParts {
  readonly accounts: Pick<Accounts, 'findByPassword'>;
  readonly limits: LoginLimits;
  readonly knownBrowsers: KnownBrowsers;
}

/** The thread pool has four threads, and files need some; each check takes 32 MiB while it runs. */
const checksAtOnce = 2;
const checksWaiting = 64;

/** What checks credentials; wrong password and unknown user name differ neither in answer nor in work. */
export function createAuthentication({
  accounts,
  limits,
  knownBrowsers,
}: AuthenticationParts): (credentials: Credentials) => Promise<AuthenticationResult> {
  const slots = new WorkSlots(checksAtOnce, checksWaiting);
  const check = async ({ username, password, address, known }: Credentials): Promise<AuthenticationResult> => {
    const knownBrowserId = knownBrowsers.findId(known, foldUsername(username));
    const attempt = await limits.begin({ username, address, knownBrowserId });
    if ('retryAfterSeconds' in attempt) return { status: 'limited', ...attempt };
    const account = await accounts.findByPassword(username, password);
    if (account === undefined) return { status: 'failed' };
    await attempt.succeeded();
    return { status: 'succeeded', account };
  };
  return async (credentials) => {
    if (!isPlausible(credentials)) return { status: 'failed' };
    return slots.run(() => check(credentials)) ?? { status: 'busy' };
  };
}

/** Whether an account could have these: nothing is hashed or counted for what cannot succeed. */
function isPlausible({ username, password }: Credentials): boolean {
  const lengths = [username.length <= usernameMaxLength, password.length <= passwordMaxLength];
  return username !== '' && password !== '' && lengths.every(Boolean);
}

/**
 * The users whom the WWSF authenticates itself, as their file has them now.
 *
 * @module
 */
import { ConfigInvalid, isPassword } from '@wicgate/node-kit';
import { type Account, foldUsername } from './account.ts';
import { readAccountsFile, versionOf } from './accounts-file.ts';

export class Accounts {
  readonly #path: string;
  readonly #onFault: () => void;
  readonly #isPassword: typeof isPassword;
  #version: string | undefined;
  #byUsername: ReadonlyMap<string, Account>;

  /**
   * @param onFault told when a changed file cannot be used; the accounts stay as they were.
   * @param compare for tests that count the work done.
   * @throws {ConfigInvalid}
   */
  constructor(path: string, onFault: () => void, compare: typeof isPassword = isPassword) {
    this.#path = path;
    this.#onFault = onFault;
    this.#isPassword = compare;
    this.#version = versionOf(path);
    this.#byUsername = indexOf(readAccountsFile(path));
  }

  find(username: string): Account | undefined {
    this.#refresh();
    return this.#byUsername.get(foldUsername(username));
  }

  /** The account, if the password is its own. An unknown user name costs the same work. */
  async findByPassword(username: string, password: string): Promise<Account | undefined> {
    const account = this.find(username);
    return (await this.#isPassword(password, account?.password)) ? account : undefined;
  }

  #refresh(): void {
    const version = versionOf(this.#path);
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.#byUsername = indexOf(readAccountsFile(this.#path));
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      this.#onFault();
    }
  }
}

function indexOf(accounts: readonly Account[]): ReadonlyMap<string, Account> {
  return new Map(accounts.map((account) => [account.username, account]));
}

/**
 * The value of the header field 3gpp-ext-turn-cred in a 200 (TS 33.203 X.5.2.2 step 4).
 *
 * The clause prints colons and then speaks of semicolons: colons are written, both are read. Tpwd is base64 and holds
 * neither.
 *
 * @module
 */
import { TurnCredentialHeaderMalformed, TurnUsernameMalformed } from './errors.ts';
import type { TurnCredential } from './turn-credential.ts';
import { formatTurnUsername, parseTurnUsername, type TurnUsername } from './turn-username.ts';

const maxLength = 256;

export function formatTurnCredentialHeader({ username, password }: TurnCredential): string {
  return `${username}:${password}`;
}

/** @throws {TurnCredentialHeaderMalformed} */
export function parseTurnCredentialHeader(text: string): TurnCredential {
  if (text.length > maxLength) throw new TurnCredentialHeaderMalformed(`at most ${maxLength} characters`);
  const [tid, texp, password, ...rest] = text.trim().split(/[ \t]*[:;][ \t]*/);
  if (tid === undefined || texp === undefined || password === undefined || rest.length > 0) {
    throw new TurnCredentialHeaderMalformed('Tid, Texp and Tpwd, parted by colons');
  }
  if (password.length < 4 || password.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(password)) {
    throw new TurnCredentialHeaderMalformed('as Tpwd base64 with padding');
  }
  const user = readUser(`${tid}:${texp}`);
  return { ...user, username: formatTurnUsername(user), password };
}

function readUser(username: string): TurnUsername {
  try {
    return parseTurnUsername(username);
  } catch (cause) {
    if (!(cause instanceof TurnUsernameMalformed)) throw cause;
    throw new TurnCredentialHeaderMalformed('a well-formed Tid and Texp', { cause });
  }
}

/**
 * Credentials of TS 33.203 X.5.2 for node-turn, which looks a password up by user name in an object.
 *
 * Only one Km can be asked: node-turn knows a single password for a name.
 *
 * @module
 */
import { parseTurnUsername, TurnUsernameMalformed, turnPassword } from '@wicgate/turn-credentials';

/** An object whose members are the passwords of the users whose time has not come. */
export function createCredentials(secret: Buffer, nowMs: () => number): Readonly<Record<string, string | undefined>> {
  return new Proxy<Record<string, string | undefined>>(Object.create(null), {
    get: (_target, username) => (typeof username === 'string' ? findPassword(username, secret, nowMs()) : undefined),
  });
}

function findPassword(username: string, secret: Buffer, nowMs: number): string | undefined {
  try {
    const { expiresAtSeconds } = parseTurnUsername(username);
    return 1_000 * expiresAtSeconds > nowMs ? turnPassword(secret, username) : undefined;
  } catch (error) {
    if (error instanceof TurnUsernameMalformed) return undefined;
    throw error;
  }
}

/**
 * How the WAF makes access tokens for TURN servers: the key that it shares with them, their name, and the lifetime
 * (TS 33.203 X.5.3.1, RFC 7635 4.1).
 *
 * Nothing here is about a person: the kid names a key, and a token holds a session key and its time, no more.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '@wicgate/node-kit';
import { type AsRsKey, parseAsRsKeys, TurnCredentialError } from '@wicgate/turn-credentials';
import type { TrustedClient } from '../clients.ts';
import type { Config } from '../config.ts';

export interface TurnTokens {
  /** The first of the key file; the TURN servers accept all of it. */
  readonly asRsKey: AsRsKey;
  /** As TURN servers tell it in THIRD-PARTY-AUTHORIZATION (RFC 7635 6.1). */
  readonly serverName: string;
  readonly lifetimeSeconds: number;
}

/**
 * Undefined: the WAF makes none.
 *
 * @throws {ConfigInvalid} the key file is none, or it, the name or a client who may use them is there without the rest.
 */
export function readTurnTokens(config: Config, clients: readonly TrustedClient[]): TurnTokens | undefined {
  const {
    WAF_TURN_KEYS_FILE: file,
    WAF_TURN_SERVER_NAME: serverName,
    WAF_TURN_TOKEN_SECONDS: lifetimeSeconds,
  } = config;
  if (file === undefined) {
    if (serverName !== undefined) throw missing('WAF_TURN_KEYS_FILE', 'there is a WAF_TURN_SERVER_NAME');
    if (clients.some(({ mayUseTurn }) => mayUseTurn))
      throw missing('WAF_TURN_KEYS_FILE', 'a client may have TURN tokens');
    return undefined;
  }
  if (serverName === undefined) throw missing('WAF_TURN_SERVER_NAME', 'there is a WAF_TURN_KEYS_FILE');
  return { asRsKey: readFirstKey(file), serverName, lifetimeSeconds };
}

function readFirstKey(file: string): AsRsKey {
  try {
    const [first] = parseAsRsKeys(readFileSync(file, 'utf8'));
    if (first !== undefined) return first;
  } catch (error) {
    if (error instanceof TurnCredentialError) throw new ConfigInvalid(`WAF_TURN_KEYS_FILE: ${error.message}`);
  }
  throw new ConfigInvalid('WAF_TURN_KEYS_FILE: expected a file that can be read');
}

function missing(setting: string, since: string): ConfigInvalid {
  return new ConfigInvalid(`${setting}: expected one, since ${since}`);
}

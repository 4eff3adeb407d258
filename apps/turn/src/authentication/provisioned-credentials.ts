/**
 * Credentials that the eP-CSCF made, recomputed from USERNAME and Km (TS 33.203 X.5.2.2 step 6).
 *
 * @module
 */
import { createSecretKey } from 'node:crypto';
import { longTermKey, type PasswordAlgorithm } from '@wicgate/stun';
import {
  parseTurnUsername,
  type TurnHash,
  type TurnUsername,
  TurnUsernameMalformed,
  turnPassword,
} from '@wicgate/turn-credentials';
import type { Credential } from './turn-user.ts';

export interface ProvisionedSettings {
  readonly realm: string;
  /** Km; two of them while it is changed; none where this solution is not used. */
  readonly secrets: readonly Buffer[];
  readonly hash: TurnHash;
}

export class ProvisionedCredentials {
  readonly #settings: ProvisionedSettings;

  constructor(settings: ProvisionedSettings) {
    this.#settings = settings;
  }

  /** Whether any user name of the form Tid:Texp may be good: nobody can list those. */
  get isOn(): boolean {
    return this.#settings.secrets.length > 0;
  }

  /** One for each Km, made when asked for; none if the name has another form. Whether Texp is over is not looked at. */
  *candidates(username: string, algorithm: PasswordAlgorithm): Generator<Credential> {
    const { realm, secrets, hash } = this.#settings;
    const parsed = findTurnUsername(username);
    if (parsed === undefined) return;
    const { tid, expiresAtSeconds } = parsed;
    for (const secret of secrets) {
      const key = longTermKey(username, realm, turnPassword(secret, username, hash), algorithm);
      yield {
        kind: 'provisioned',
        username,
        tid,
        expiresAtSeconds,
        voidFromMs: 1_000 * expiresAtSeconds,
        key: createSecretKey(key),
      };
    }
  }
}

function findTurnUsername(username: string): TurnUsername | undefined {
  try {
    return parseTurnUsername(username);
  } catch (error) {
    if (error instanceof TurnUsernameMalformed) return undefined;
    throw error;
  }
}

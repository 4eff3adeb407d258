/**
 * The TURN credential that the eP-CSCF hands out with a registration (TS 33.203 X.5.2.2 step 4).
 *
 * @module
 */
import { parseExtTurnCred, SipError } from '@wicgate/sip';

export interface TurnCredential {
  /** `Tid:Texp`, the USERNAME of TURN. */
  readonly username: string;
  /** `Tpwd`. */
  readonly password: string;
  /** Texp, on the scale of Date.now(). */
  readonly expiresAtMs: number;
}

/** What `Tid:Texp:Tpwd` says; undefined where it is no such text. */
export function parseTurnCredential(value: string): TurnCredential | undefined {
  try {
    const { tid, expiresAtSeconds, password } = parseExtTurnCred(value);
    return { username: `${tid}:${expiresAtSeconds}`, password, expiresAtMs: expiresAtSeconds * 1_000 };
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/**
 * The TURN credential that the eP-CSCF hands out with a registration (TS 33.203 X.5.2.2 step 4).
 *
 * @module
 */

export interface TurnCredential {
  /** `Tid:Texp`, the USERNAME of TURN. */
  readonly username: string;
  /** `Tpwd`. */
  readonly password: string;
  /** Texp, on the scale of Date.now(). */
  readonly expiresAtMs: number;
}

/** Header field of request and answer. */
export const turnCredentialHeader = '3gpp-ext-turn-cred';

// The clause prints colons and speaks of semicolons. Tpwd is base64 and holds neither.
const pattern = /^([0-9A-Za-z._~-]{1,128})[ \t]*[:;][ \t]*(\d{1,12})[ \t]*[:;][ \t]*([A-Za-z0-9+/]{1,256}={0,2})$/u;

/** What `Tid:Texp:Tpwd` says; undefined where it is no such text. */
export function parseTurnCredential(value: string): TurnCredential | undefined {
  const [, tid, texp, password] = pattern.exec(value.trim()) ?? [];
  if (tid === undefined || texp === undefined || password === undefined) return undefined;
  return { username: `${tid}:${texp}`, password, expiresAtMs: Number(texp) * 1_000 };
}

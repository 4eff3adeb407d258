/**
 * Everything that can be wrong with a TURN credential.
 *
 * Decide on `code`: it is stable; class names and messages are not. No message repeats a value.
 *
 * @module
 */

export abstract class TurnCredentialError extends Error {
  /** The discriminant of {@link AnyTurnCredentialError}. */
  abstract readonly code: `ERR_TURN_${'ACCESS_TOKEN' | 'AS_RS_KEYS' | 'CREDENTIAL'}_${string}`;
}

/** A USERNAME is not `Tid:Texp` (TS 33.203 X.5.2.2 step 5). */
export class TurnUsernameMalformed extends TurnCredentialError {
  readonly code = 'ERR_TURN_CREDENTIAL_USERNAME_MALFORMED';

  constructor(expected: string) {
    super(`TURN user name: expected ${expected}`);
  }
}

/** A file of keys shared by authorization and TURN server is not as described. An operator has to mend it. */
export class AsRsKeysMalformed extends TurnCredentialError {
  readonly code = 'ERR_TURN_AS_RS_KEYS_MALFORMED';

  /** @param where the entry, counted from 1, and its field; or the whole. */
  constructor(where: string, expected: string) {
    super(`${where}: expected ${expected}`);
  }
}

/** An access token has not the layout of RFC 7635 6.2, inside or out. */
export class TurnAccessTokenMalformed extends TurnCredentialError {
  readonly code = 'ERR_TURN_ACCESS_TOKEN_MALFORMED';

  constructor(expected: string) {
    super(`TURN access token: expected ${expected}`);
  }
}

/** An access token was not made with this key for this server, or was changed on its way. */
export class TurnAccessTokenNotAuthentic extends TurnCredentialError {
  readonly code = 'ERR_TURN_ACCESS_TOKEN_NOT_AUTHENTIC';

  constructor() {
    super('TURN access token: expected one that was made with the key of its kid, for this server');
  }
}

/** The time of an access token is over, the grace included; or lies so far ahead that a clock must be wrong. */
export class TurnAccessTokenExpired extends TurnCredentialError {
  readonly code = 'ERR_TURN_ACCESS_TOKEN_EXPIRED';

  constructor() {
    super('TURN access token: expected one within its lifetime');
  }
}

export type AnyTurnCredentialError =
  | TurnUsernameMalformed
  | AsRsKeysMalformed
  | TurnAccessTokenMalformed
  | TurnAccessTokenNotAuthentic
  | TurnAccessTokenExpired;

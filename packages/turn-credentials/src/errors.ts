/**
 * Everything that can be wrong with a TURN credential.
 *
 * Decide on `code`: it is stable; class names and messages are not. No message repeats a value.
 *
 * @module
 */

export abstract class TurnCredentialError extends Error {
  /** The discriminant of {@link AnyTurnCredentialError}. */
  abstract readonly code: `ERR_TURN_CREDENTIAL_${string}`;
}

/** A USERNAME is not `Tid:Texp` (TS 33.203 X.5.2.2 step 5). */
export class TurnUsernameMalformed extends TurnCredentialError {
  readonly code = 'ERR_TURN_CREDENTIAL_USERNAME_MALFORMED';

  constructor(expected: string) {
    super(`TURN user name: expected ${expected}`);
  }
}

export type AnyTurnCredentialError = TurnUsernameMalformed;

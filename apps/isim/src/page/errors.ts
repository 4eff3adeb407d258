/**
 * Everything that can go wrong at the ISIM. No message repeats a value.
 *
 * @module
 */

export abstract class IsimError extends Error {
  /** The discriminant of {@link AnyIsimError}. */
  abstract readonly code: `ERR_ISIM_${string}`;
}

/** A profile file departs from its format. The message is for the person who gave it. */
export class ProfileMalformed extends IsimError {
  readonly code = 'ERR_ISIM_PROFILE_MALFORMED';

  constructor(field: string, expected: string) {
    super(`${field}: expected ${expected}`);
  }
}

/** Nobody has entered the PIN, or another profile was given since. */
export class CardLocked extends IsimError {
  readonly code = 'ERR_ISIM_LOCKED';

  constructor() {
    super('the PIN is needed');
  }
}

/** The browser does not let this page keep anything, or lost what it kept. */
export class StorageRefused extends IsimError {
  readonly code = 'ERR_ISIM_STORAGE_REFUSED';

  constructor(options?: ErrorOptions) {
    super('the browser keeps nothing for this page', options);
  }
}

export type AnyIsimError = ProfileMalformed | CardLocked | StorageRefused;

/**
 * Why a document is not taken. Decide on `code`; no message repeats a value.
 *
 * @module
 */

export abstract class ReginfoError extends Error {
  /** The discriminant of {@link AnyReginfoError}. */
  abstract readonly code: `ERR_REGINFO_${string}`;
}

/** It is no XML, has a document type declaration, or is against the schema (RFC 3680 5.4). */
export class ReginfoMalformed extends ReginfoError {
  readonly code = 'ERR_REGINFO_MALFORMED';

  constructor(expected: string) {
    super(`reginfo: expected ${expected}`);
  }
}

/** It is larger or more intricate than {@link ReginfoLimits} allow. */
export class ReginfoTooLarge extends ReginfoError {
  readonly code = 'ERR_REGINFO_TOO_LARGE';

  constructor(expected: string) {
    super(`reginfo: expected ${expected}`);
  }
}

export type AnyReginfoError = ReginfoMalformed | ReginfoTooLarge;

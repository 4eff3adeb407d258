/**
 * Everything that a WIC reports to its page as an error.
 *
 * Decide on `code`: it is stable and outlives minification; class names and messages do not.
 *
 * @module
 */
import type { SimProblem } from './wic.ts';

export abstract class WicError extends Error {
  /** The discriminant of {@link AnyWicError}. */
  abstract readonly code: `ERR_WIC_${string}`;
}

/** What the person wants to call is no name, no address and no URI of a scheme that can be called. */
export class TargetInvalid extends WicError {
  readonly code = 'ERR_WIC_TARGET_INVALID';

  /** The target itself stays out of the message: it is somebody's address. */
  constructor(expected: string) {
    super(`target: expected ${expected}`);
  }
}

/** The web session has ended: there is no access token to be had before somebody signs in. */
export class SignedOut extends WicError {
  readonly code = 'ERR_WIC_SIGNED_OUT';

  constructor(options?: ErrorOptions) {
    super('the web session has ended', options);
  }
}

/** The person no longer allows the web server to register in their name (TS 33.203 X.3.1 REQ 2.1). */
export class AccessNotGranted extends WicError {
  readonly code = 'ERR_WIC_ACCESS_NOT_GRANTED';

  constructor(options?: ErrorOptions) {
    super('expected a grant of the person for the web server', options);
  }
}

/** The SIM gives no answer: there is none, it is blocked, the person did not allow it, or it stays silent. */
export class SimUnavailable extends WicError {
  readonly code = 'ERR_WIC_SIM_UNAVAILABLE';
  readonly problem: SimProblem;

  constructor(problem: SimProblem, options?: ErrorOptions) {
    super(`the SIM cannot be used: ${problem}`, options);
    this.problem = problem;
  }
}

/** The person or the browser refused the camera, or there is none. */
export class CameraRefused extends WicError {
  readonly code = 'ERR_WIC_CAMERA_REFUSED';

  constructor(options?: ErrorOptions) {
    super('the camera cannot be used', options);
  }
}

/** The person or the browser refused the microphone (or camera) that a call needs, or there is none. */
export class MediaRefused extends WicError {
  readonly code = 'ERR_WIC_MEDIA_REFUSED';

  constructor(options?: ErrorOptions) {
    super('microphone or camera cannot be used', options);
  }
}

/** A description of the other end that no media session can be made of. */
export class DescriptionRefused extends WicError {
  readonly code = 'ERR_WIC_DESCRIPTION_REFUSED';

  constructor(expected: string, options?: ErrorOptions) {
    super(`session description: expected ${expected}`, options);
  }
}

export type AnyWicError =
  | TargetInvalid
  | SignedOut
  | AccessNotGranted
  | SimUnavailable
  | CameraRefused
  | MediaRefused
  | DescriptionRefused;

/** Also one made by another copy of this package: decided on the code. */
export function isWicError<Code extends AnyWicError['code']>(
  error: unknown,
  code: Code,
): error is Extract<AnyWicError, { readonly code: Code }> {
  return error instanceof Error && 'code' in error && error.code === code;
}

/**
 * What can go wrong between the page and the WWSF that served it.
 *
 * @module
 */

export abstract class PageError extends Error {
  /** The discriminant of {@link AnyPageError}. */
  abstract readonly code: `ERR_WIC_PAGE_${string}`;
}

/** The WWSF did not answer in time, or not at all. */
export class WwsfUnreachable extends PageError {
  readonly code = 'ERR_WIC_PAGE_WWSF_UNREACHABLE';

  constructor(path: string, cause: unknown) {
    super(`${path}: expected an answer of the WWSF`, { cause });
  }
}

/** The WWSF answered with something else than was asked for. */
export class WwsfAnswerInvalid extends PageError {
  readonly code = 'ERR_WIC_PAGE_WWSF_ANSWER_INVALID';

  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`);
  }
}

/** The web session is over: the person has to sign in again. */
export class SessionEnded extends PageError {
  readonly code = 'ERR_WIC_PAGE_SESSION_ENDED';

  constructor(path: string) {
    super(`${path}: expected a session`);
  }
}

/** The person no longer allows this WWSF to register in their name (TS 33.203 X.3.1 REQ 2.1): its session is over too. */
export class AccessWithdrawn extends PageError {
  readonly code = 'ERR_WIC_PAGE_ACCESS_WITHDRAWN';
  /** Where they can allow it again: a page of the web, or of our own origin. */
  readonly location: string;

  constructor(path: string, location: string) {
    super(`${path}: expected a grant of the person`);
    this.location = location;
  }
}

/** No guest can be let in now: too many from this address, or each address of the pool is in use. */
export class GuestRefused extends PageError {
  readonly code = 'ERR_WIC_PAGE_GUEST_REFUSED';
  readonly problem: 'too many' | 'pool exhausted';
  /** When it may work, from 1 up. */
  readonly retryAfterSeconds: number;

  constructor(problem: GuestRefused['problem'], retryAfterSeconds: number) {
    super(`/guest: expected a free place: ${problem}`);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export type AnyPageError = WwsfUnreachable | WwsfAnswerInvalid | SessionEnded | AccessWithdrawn | GuestRefused;

/**
 * Everything that can go wrong inside the WWSF.
 *
 * Decide on `code`. No error carries what the OpenID Connect library reports as its cause: that may hold a token or a
 * claim. What is known of the cause is a short code in `reason`.
 *
 * @module
 */

export abstract class WwsfError extends Error {
  /** The discriminant of {@link AnyWwsfError}. */
  abstract readonly code: `ERR_WWSF_${string}`;
  abstract readonly statusCode: number;
  /** What the browser sees in `{ "error": … }`. */
  abstract readonly publicName: string;
}

/** The form was not sent from our own page in this browser. */
export class FormForged extends WwsfError {
  readonly code = 'ERR_WWSF_FORM_FORGED';
  readonly statusCode = 403;
  readonly publicName = 'form_refused';

  constructor(expected: string) {
    super(`expected ${expected}`);
  }
}

/** A field of a form is missing, stands there twice, or the body is no form. */
export class FormMalformed extends WwsfError {
  readonly code = 'ERR_WWSF_FORM_MALFORMED';
  readonly statusCode = 400;
  readonly publicName = 'bad_request';

  constructor(field: string) {
    super(`expected the field ${field} once`);
  }
}

/** A guest's page asks for another identity while a user is signed in there. */
export class AlreadySignedIn extends WwsfError {
  readonly code = 'ERR_WWSF_ALREADY_SIGNED_IN';
  readonly statusCode = 409;
  readonly publicName = 'signed_in';

  constructor() {
    super('expected a browser in which nobody is signed in');
  }
}

/** One address, or one user, asks for identities of the pool more often, or holds more of them, than it may. */
export class GuestsTooMany extends WwsfError {
  readonly code = 'ERR_WWSF_GUESTS_TOO_MANY';
  readonly statusCode = 429;
  readonly publicName = 'too_many_guests';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('expected fewer guests from one address, or browsers of one user');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Each identity of the pool is leased, or waits to be used again (TS 33.203 X.4.2.1). */
export class PoolExhausted extends WwsfError {
  readonly code = 'ERR_WWSF_POOL_EXHAUSTED';
  readonly statusCode = 503;
  readonly publicName = 'pool_exhausted';
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('expected a free identity in the pool');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** An account for the accounts file is not as it must be. */
export class AccountInvalid extends WwsfError {
  readonly code = 'ERR_WWSF_ACCOUNT_INVALID';
  readonly statusCode = 400;
  readonly publicName = 'bad_request';
}

/** No web session, or one that has ended. */
export class NotSignedIn extends WwsfError {
  readonly code = 'ERR_WWSF_NOT_SIGNED_IN';
  readonly statusCode = 401;
  readonly publicName = 'not_signed_in';

  constructor() {
    super('expected the cookie of a live web session');
  }
}

/** Fetch metadata says that another site, or no page at all, sent the request. */
export class CrossSiteRefused extends WwsfError {
  readonly code = 'ERR_WWSF_CROSS_SITE';
  readonly statusCode = 403;
  readonly publicName = 'cross_site';

  constructor(header: string) {
    super(`expected ${header} of a request by the page of this origin`);
  }
}

export class CsrfTokenWrong extends WwsfError {
  readonly code = 'ERR_WWSF_CSRF_TOKEN';
  readonly statusCode = 403;
  readonly publicName = 'csrf_token';

  constructor() {
    super('expected in X-CSRF-Token the value that /session gave');
  }
}

/** The request names another host than the configured origin: a misdirected client, or DNS rebinding. */
export class HostUnknown extends WwsfError {
  readonly code = 'ERR_WWSF_HOST';
  readonly statusCode = 421;
  readonly publicName = 'wrong_host';

  constructor() {
    super('expected the Host of the configured origin');
  }
}

/** One address asks to sign in more often than people do. */
export class SignInsTooFrequent extends WwsfError {
  readonly code = 'ERR_WWSF_SIGN_INS_TOO_FREQUENT';
  readonly statusCode = 429;
  readonly publicName = 'too_many_requests';

  constructor() {
    super('expected fewer sign-ins from one address within a minute');
  }
}

/** One session asks for the use of a TURN server more often than calls need. */
export class TurnRequestsTooFrequent extends WwsfError {
  readonly code = 'ERR_WWSF_TURN_REQUESTS_TOO_FREQUENT';
  readonly statusCode = 429;
  readonly publicName = 'too_many_requests';

  constructor() {
    super('expected fewer requests for TURN credentials within a minute');
  }
}

/** What was brought as `Authorization` is no valid access token of the WAF for the IMS (RFC 6750 3.1). */
export class AccessTokenRefused extends WwsfError {
  readonly code = 'ERR_WWSF_ACCESS_TOKEN_REFUSED';
  readonly statusCode = 401;
  readonly publicName = 'invalid_token';

  constructor() {
    super('expected Authorization: Bearer with a valid access token of the WAF for the IMS');
  }
}

/** As many sign-ins as are allowed are under way; none gives way to another browser's. */
export class SignInsFull extends WwsfError {
  readonly code = 'ERR_WWSF_SIGN_INS_FULL';
  readonly statusCode = 503;
  readonly publicName = 'too_many_sign_ins';

  constructor() {
    super('expected fewer unfinished sign-ins');
  }
}

/** The user refused at the WAF (RFC 6749 4.1.2.1, `access_denied`). */
export class SignInDenied extends WwsfError {
  readonly code = 'ERR_WWSF_SIGN_IN_DENIED';
  readonly statusCode = 403;
  readonly publicName = 'sign_in_denied';

  constructor() {
    super('the user did not sign in at the WAF');
  }
}

/** The callback does not belong to a sign-in that this browser started, or its code was refused. */
export class SignInFailed extends WwsfError {
  readonly code = 'ERR_WWSF_SIGN_IN_FAILED';
  readonly statusCode = 400;
  readonly publicName = 'sign_in_failed';
  readonly reason: string;

  constructor(reason: string) {
    super(`expected the answer to a sign-in of this browser: ${reason}`);
    this.reason = reason;
  }
}

/** The WAF no longer honours the grant: revoked, expired, or its refresh token was used twice (RFC 6749 5.2). */
export class GrantRefused extends WwsfError {
  readonly code = 'ERR_WWSF_GRANT_REFUSED';
  readonly statusCode = 401;
  readonly publicName = 'not_signed_in';

  constructor() {
    super('the WAF refused the grant');
  }
}

/** The WAF lets this WWSF use no such account: its subscriber has not allowed it, or no longer (REQ 2.1). */
export class AccountNotGranted extends WwsfError {
  readonly code = 'ERR_WWSF_ACCOUNT_NOT_GRANTED';
  /** The page has no session with which it could go on. */
  readonly statusCode = 401;
  readonly publicName = 'not_granted';
  /** The page of the WAF where the subscriber can allow it. */
  readonly location: string;

  constructor(location: string) {
    super('expected a grant of the subscriber for this WWSF at the WAF');
    this.location = location;
  }
}

/** The WAF cannot be reached, does not answer in time, or says that it is in trouble. */
export class WafUnavailable extends WwsfError {
  readonly code = 'ERR_WWSF_WAF_UNAVAILABLE';
  readonly statusCode = 503;
  readonly publicName = 'waf_unavailable';
  /** A code of the network or of the library, e.g. `ECONNREFUSED`. */
  readonly reason: string;

  constructor(reason: string) {
    super(`the WAF cannot be used now: ${reason}`);
    this.reason = reason;
  }
}

/** The WAF answers, but refuses this client, or says what fails validation: an operator must act. */
export class WafDisagrees extends WwsfError {
  readonly code = 'ERR_WWSF_WAF_DISAGREES';
  readonly statusCode = 503;
  readonly publicName = 'waf_unavailable';
  readonly reason: string;

  constructor(reason: string) {
    super(`WAF and WWSF do not fit together: ${reason}`);
    this.reason = reason;
  }
}

export type AnyWwsfError =
  | NotSignedIn
  | CrossSiteRefused
  | CsrfTokenWrong
  | HostUnknown
  | SignInsTooFrequent
  | SignInsFull
  | TurnRequestsTooFrequent
  | AccessTokenRefused
  | SignInDenied
  | SignInFailed
  | GrantRefused
  | AccountNotGranted
  | FormForged
  | FormMalformed
  | AlreadySignedIn
  | GuestsTooMany
  | PoolExhausted
  | AccountInvalid
  | WafUnavailable
  | WafDisagrees;

/**
 * Everything that can go wrong inside the WAF.
 *
 * Decide on `code`: it is stable; class names and messages are not. Messages name what was expected, never a value.
 *
 * @module
 */

export abstract class WafError extends Error {
  /** The discriminant of {@link AnyWafError}. */
  abstract readonly code: `ERR_WAF_${string}`;
  /** Status code for the browser, should this error end its request. */
  abstract readonly statusCode: number;
}

/** An account cannot be created as it was described. */
export class AccountInvalid extends WafError {
  readonly code = 'ERR_WAF_ACCOUNT_INVALID';
  readonly statusCode = 400;
}

/** The user name is taken. */
export class AccountExists extends WafError {
  readonly code = 'ERR_WAF_ACCOUNT_EXISTS';
  readonly statusCode = 409;
}

/** No account has the user name. */
export class AccountNotFound extends WafError {
  readonly code = 'ERR_WAF_ACCOUNT_NOT_FOUND';
  readonly statusCode = 404;
}

/** What is meant to name a web operator cannot be a client_id. */
export class ClientIdInvalid extends WafError {
  readonly code = 'ERR_WAF_CLIENT_ID_INVALID';
  readonly statusCode = 400;
}

/** No web operator has the client_id, or none that registers people by itself. */
export class ClientNotFound extends WafError {
  readonly code = 'ERR_WAF_CLIENT_NOT_FOUND';
  readonly statusCode = 404;
}

/** An eP-CSCF did not take a revocation. */
export class RevocationUndelivered extends WafError {
  readonly code = 'ERR_WAF_REVOCATION_UNDELIVERED';
  readonly statusCode = 502;
}

/** An eP-CSCF will never take a revocation: it finds it malformed. */
export class RevocationRefused extends WafError {
  readonly code = 'ERR_WAF_REVOCATION_REFUSED';
  readonly statusCode = 502;
}

/** One address asks for more pages than it may. */
export class TooManyRequests extends WafError {
  readonly code = 'ERR_WAF_TOO_MANY_REQUESTS';
  readonly statusCode = 429;
}

/** The request names another host than the issuer: a misdirected client, or DNS rebinding. */
export class HostUnknown extends WafError {
  readonly code = 'ERR_WAF_HOST';
  readonly statusCode = 421;
}

/** A form came from elsewhere than the WAF's own page (form token and `Sec-Fetch-Site: same-origin`). */
export class FormForged extends WafError {
  readonly code = 'ERR_WAF_FORM_FORGED';
  readonly statusCode = 403;
}

/** A form lacks a field, or gives it twice. */
export class FormMalformed extends WafError {
  readonly code = 'ERR_WAF_FORM_MALFORMED';
  readonly statusCode = 400;
}

/** The sign-in that a page belongs to is over, or belongs to another browser. */
export class InteractionExpired extends WafError {
  readonly code = 'ERR_WAF_INTERACTION_EXPIRED';
  readonly statusCode = 400;
}

export type AnyWafError =
  | AccountExists
  | AccountInvalid
  | AccountNotFound
  | ClientIdInvalid
  | ClientNotFound
  | FormForged
  | FormMalformed
  | HostUnknown
  | InteractionExpired
  | RevocationRefused
  | RevocationUndelivered
  | TooManyRequests;

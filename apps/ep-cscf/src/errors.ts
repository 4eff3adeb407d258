/**
 * Why the eP-CSCF does not carry out a request.
 *
 * Decide on `code`: it is stable. A message says what was expected, never a value; peers see the reason phrase only.
 *
 * @module
 */
import { type Refusal, reasonPhraseOf, type SipResponse } from '@wicgate/sip';

/** `error` of a Bearer challenge (RFC 6750 3.1). */
export type BearerFault = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

export abstract class EpCscfError extends Error {
  abstract readonly code: `ERR_EP_CSCF_${string}`;
  /** Status code for the peer. */
  abstract readonly statusCode: number;
  /** Of the answer; undefined: that of the status code. Whose token it is knows as much from the token. */
  readonly reasonPhrase: string | undefined = undefined;
  /** The Bearer challenge that goes with the answer; undefined: none. */
  readonly challenge: BearerFault | undefined = undefined;
  /** Whether the WebSocket is closed behind the answer (TS 33.203 X.3.2.3 step 4.1, O.3.1.1). */
  readonly closes: boolean = false;
  /** Whether the user is put out: then what they have at the TURN servers ends as well. */
  readonly putsOut: boolean = false;
  /** When the peer may ask again; undefined: the same request will fare no better. */
  readonly retryAfterSeconds: number | undefined = undefined;
}

/** The Bearer header field is malformed, or there are several. */
export class AccessTokenMalformed extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_ACCESS_TOKEN_MALFORMED';
  readonly statusCode = 400;
  override readonly challenge: BearerFault = 'invalid_request';
  override readonly closes = true;

  constructor(options?: ErrorOptions) {
    super('Authorization: expected one Bearer token', options);
  }
}

/** What is wrong with a token. */
export type TokenFault =
  | 'not a JWT'
  | 'signature'
  | 'unknown key'
  | 'algorithm'
  | 'type'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not yet valid'
  | 'claims'
  | 'unknown client'
  | 'revoked'
  | 'replayed';

/** The token is forged, expired, revoked, or meant for something else. */
export class AccessTokenInvalid extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_ACCESS_TOKEN_INVALID';
  readonly statusCode = 401;
  override readonly challenge: BearerFault = 'invalid_token';
  override readonly closes = true;
  /** Whoever comes with one that is merely too old may come back with another. */
  override readonly putsOut: boolean;
  readonly fault: TokenFault;

  constructor(fault: TokenFault, options?: ErrorOptions) {
    super(`access token: expected a valid one, found fault with: ${fault}`, options);
    this.fault = fault;
    this.putsOut = fault === 'revoked';
  }
}

/** The token is valid, but not for access to the IMS. */
export class ScopeInsufficient extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_SCOPE_INSUFFICIENT';
  readonly statusCode = 403;
  override readonly challenge: BearerFault = 'insufficient_scope';
  override readonly closes = true;

  constructor(expected: string) {
    super(`access token: expected ${expected}`);
  }
}

/** To or From names an identity that the token does not grant (TS 33.203 X.3.1 REQ 2.4). */
export class IdentityNotGranted extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_IDENTITY_NOT_GRANTED';
  readonly statusCode = 403;
  override readonly reasonPhrase = 'Identity not granted';
  override readonly closes = true;

  constructor(header: 'To' | 'From') {
    super(`${header}: expected an identity that the access token grants`);
  }
}

/** The token names a private identity that is not its WWSF's to assign (TS 33.203 X.4.1 REQ 3.2, X.4.2.3 step 4.1). */
export class IdentityOutsidePool extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_IDENTITY_OUTSIDE_POOL';
  readonly statusCode = 403;
  override readonly reasonPhrase = 'Identity outside the pool';
  override readonly closes = true;

  constructor() {
    super('access token: expected a private identity of the pool of its WWSF');
  }
}

/** The connection is bound to another private identity (TS 33.203 O.4.3). */
export class ConnectionBoundToOther extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_CONNECTION_BOUND_TO_OTHER';
  readonly statusCode = 403;
  override readonly closes = true;

  constructor() {
    super('credentials: expected the private identity that this connection is bound to');
  }
}

/** The keys of the WAF cannot be had, so none of its tokens can be judged. */
export class WafUnreachable extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_WAF_UNREACHABLE';
  readonly statusCode = 503;
  override readonly retryAfterSeconds = 10;
  readonly issuer: string;

  constructor(issuer: string, options?: ErrorOptions) {
    super('WAF: expected its keys', options);
    this.issuer = issuer;
  }
}

/** No entry point of the home network answers a REGISTER (TS 24.229 5.2.2.1). */
export class CoreUnreachable extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_CORE_UNREACHABLE';
  readonly statusCode = 504;

  constructor(options?: ErrorOptions) {
    super('Mw: expected an answer of the core', options);
  }
}

/** Too many were refused in this name from this address: whoever it is has to wait. */
export class TooManyFailedAuthentications extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_TOO_MANY_FAILED_AUTHENTICATIONS';
  readonly statusCode = 503;
  override readonly reasonPhrase = 'Too many failed authentications';
  override readonly retryAfterSeconds = 120;
  override readonly closes = true;

  constructor() {
    super('credentials: expected fewer wrong ones; wait a while');
  }
}

/** The core refused a user by Digest: its answer passes, and the connection ends (TS 33.203 O.3.1.1). */
export class AuthenticationRefused extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_AUTHENTICATION_REFUSED';
  readonly statusCode = 403;
  override readonly closes = true;
  override readonly putsOut = true;
  /** The core's answer as it goes to the UE. */
  readonly response: SipResponse;

  constructor(response: SipResponse) {
    super('Digest: expected credentials that the core accepts');
    this.response = response;
  }
}

/** The core let a REGISTER pass that nobody vouched for. */
export class RegistrationUnfounded extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_REGISTRATION_UNFOUNDED';
  readonly statusCode = 500;

  constructor() {
    super('REGISTER: expected the core to refuse or challenge what carries no credentials');
  }
}

/** A request is against a rule of this edge; it is answered and the connection stays. */
export class RequestRefused extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_REQUEST_REFUSED';
  readonly statusCode: number;
  readonly reason: RefusalReason;
  /** The reason where the peer shall know it. */
  override readonly reasonPhrase: string | undefined;

  constructor(reason: RefusalReason) {
    super(`request: ${reason}`);
    this.reason = reason;
    this.reasonPhrase = reason === 'TURN not allowed' ? reason : undefined;
    this.statusCode = refusals[reason];
  }
}

const refusals = {
  'another domain': 403,
  'several contacts': 400,
  'several credentials': 400,
  'no private identity': 403,
  'identity of a pool': 403,
  'another scheme': 403,
  'another instance': 403,
  'not registered': 403,
  'From of another': 403,
  'Route of another': 403,
  'outside the core': 403,
  'untrusted peer': 403,
  'token of another kind': 403,
  'dialog of another': 403,
  'no such dialog': 481,
  'no flow token': 404,
  'flow gone': 430,
  // By the policy of TS 33.203 X.5.2.2 step 3.
  'TURN not allowed': 403,
  'no emergency service': 503,
} as const satisfies Readonly<Record<string, number>>;

export type RefusalReason = keyof typeof refusals;

/** SIP forbids to carry the request out or on (RFC 3261 8.2, 16.3). */
export class RequestUnfit extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_REQUEST_UNFIT';
  readonly statusCode: number;
  /** What the sender is told. */
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super('request: expected one that SIP lets pass');
    this.statusCode = refusal.statusCode;
    this.refusal = refusal;
  }
}

/** More than the limits of this edge allow. */
export class TooManyRequests extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_TOO_MANY_REQUESTS';
  readonly statusCode = 503;
  override readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('request: expected fewer at a time');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A TURN server has not taken a revocation. */
export class TurnRevocationFailed extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_TURN_REVOCATION_FAILED';
  readonly statusCode = 502;
  /** It never will. */
  readonly isFinal: boolean;

  constructor(got: string, isFinal = false) {
    super(`expected 204 of the TURN server, got ${got}`);
    this.isFinal = isFinal;
  }
}

/** A user part that is no flow token of this eP-CSCF. */
export class FlowTokenInvalid extends EpCscfError {
  readonly code = 'ERR_EP_CSCF_FLOW_TOKEN_INVALID';
  readonly statusCode = 403;

  constructor(options?: ErrorOptions) {
    super('flow token: expected one that this eP-CSCF made', options);
  }
}

export type AnyEpCscfError =
  | AccessTokenMalformed
  | AccessTokenInvalid
  | ScopeInsufficient
  | IdentityNotGranted
  | IdentityOutsidePool
  | ConnectionBoundToOther
  | WafUnreachable
  | CoreUnreachable
  | AuthenticationRefused
  | TooManyFailedAuthentications
  | RegistrationUnfounded
  | RequestRefused
  | RequestUnfit
  | TooManyRequests
  | TurnRevocationFailed
  | FlowTokenInvalid;

/** The reason in one word or two, for log and metrics. */
export function reasonOf(error: EpCscfError): string {
  if (error instanceof RequestRefused) return error.reason;
  if (error instanceof RequestUnfit) return reasonPhraseOf(error.statusCode).toLowerCase();
  if (error instanceof AccessTokenInvalid) return `access token: ${error.fault}`;
  return error.code.slice('ERR_EP_CSCF_'.length).toLowerCase().replaceAll('_', ' ');
}

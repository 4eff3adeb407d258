/**
 * Everything that can go wrong inside the SIP stack.
 *
 * Decide on `code`: it is stable and outlives minification; class names and messages do not.
 *
 * @module
 */

export abstract class SipError extends Error {
  /** The discriminant of {@link AnySipError}. */
  abstract readonly code: `ERR_SIP_${string}`;
  /** Status code for the peer, should this error end its request (RFC 3261 21). */
  abstract readonly statusCode: number;
}

/** The text is no SIP message: start line, line ends or the split in header fields are broken (RFC 3261 7). */
export class MessageMalformed extends SipError {
  readonly code = 'ERR_SIP_MESSAGE_MALFORMED';
  readonly statusCode = 400;
  /** Where reading stopped, in characters from the start of the message. */
  readonly offset: number;
  /** What should have stood there. */
  readonly expected: string;

  constructor(expected: string, offset: number) {
    super(`message: expected ${expected} at offset ${offset}`);
    this.offset = offset;
    this.expected = expected;
  }
}

/** A bound of the parser is passed: octets, header fields, parameters. */
export class MessageTooLarge extends SipError {
  readonly code = 'ERR_SIP_MESSAGE_TOO_LARGE';
  readonly statusCode = 513;

  constructor(what: string, limit: number) {
    super(`message: expected at most ${limit} ${what}`);
  }
}

/** A SIP version other than 2.0 (RFC 3261 8.2 and 21.5.6). */
export class VersionNotSupported extends SipError {
  readonly code = 'ERR_SIP_VERSION_NOT_SUPPORTED';
  readonly statusCode = 505;

  constructor() {
    super('message: expected SIP/2.0 in the start line');
  }
}

/** A header field that every message must carry is absent, or there are several of a single one (RFC 3261 8.1.1). */
export class HeaderMissing extends SipError {
  readonly code = 'ERR_SIP_HEADER_MISSING';
  readonly statusCode = 400;
  readonly header: string;
  /** How many there are: 0, or more than one. */
  readonly found: number;

  constructor(header: string, found: number) {
    super(`${header}: expected ${found === 0 ? 'this header field' : `it once, found it ${found} times`}`);
    this.header = header;
    this.found = found;
  }
}

/** A header field departs from its grammar (RFC 3261 25.1). */
export class HeaderMalformed extends SipError {
  readonly code = 'ERR_SIP_HEADER_MALFORMED';
  readonly statusCode = 400;
  readonly header: string;
  /** Where reading stopped, in characters from the start of the field value. */
  readonly offset: number;

  /** The value itself stays out of the message: it may be a credential. */
  constructor(header: string, offset: number, expected: string) {
    super(`${header}: expected ${expected} at offset ${offset}`);
    this.header = header;
    this.offset = offset;
  }
}

/** A multipart body departs from its grammar (RFC 2046 5.1). */
export class BodyMalformed extends SipError {
  readonly code = 'ERR_SIP_BODY_MALFORMED';
  readonly statusCode = 400;
  /** Where reading stopped, in octets from the start of the body. */
  readonly offset: number;

  constructor(expected: string, offset: number) {
    super(`body: expected ${expected} at offset ${offset}`);
    this.offset = offset;
  }
}

/** The transaction user gave a response its transaction can no longer send (RFC 3261 17.2.1). */
export class ResponseOutOfTurn extends SipError {
  readonly code = 'ERR_SIP_RESPONSE_OUT_OF_TURN';
  readonly statusCode = 500;

  constructor(response: string, state: string) {
    super(`cannot send a ${response} response in state ${state}`);
  }
}

/** A request inside a dialog came out of order (RFC 3261 12.2.2). */
export class RequestOutOfOrder extends SipError {
  readonly code = 'ERR_SIP_REQUEST_OUT_OF_ORDER';
  readonly statusCode = 500;

  constructor() {
    super('CSeq: expected a number above that of the last request of the dialog');
  }
}

/** An INVITE came while one of ours is under way in the same dialog (RFC 3261 14.2). */
export class RequestPending extends SipError {
  readonly code = 'ERR_SIP_REQUEST_PENDING';
  readonly statusCode = 491;

  constructor() {
    super('dialog: expected no INVITE while another goes the other way');
  }
}

/** An INVITE came before the last one of the dialog was answered (RFC 3261 14.2). */
export class InviteOverlapped extends SipError {
  readonly code = 'ERR_SIP_INVITE_OVERLAPPED';
  readonly statusCode = 500;
  /** 0 to 10, chosen at random: value for Retry-After. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('dialog: expected no INVITE before the last one is answered');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A request names a dialog that is not here, or no longer (RFC 3261 12.2.2). */
export class DialogUnknown extends SipError {
  readonly code = 'ERR_SIP_DIALOG_UNKNOWN';
  readonly statusCode = 481;

  constructor() {
    super('dialog: expected one that lives here');
  }
}

/** As many dialogs live here as may (RFC 3261 21.5.4). */
export class DialogsExhausted extends SipError {
  readonly code = 'ERR_SIP_DIALOGS_EXHAUSTED';
  readonly statusCode = 503;

  constructor(limit: number) {
    super(`dialogs: expected at most ${limit}`);
  }
}

/** An offer came while one of ours waits for its answer (RFC 3311 5.2, RFC 6337 2.2). */
export class OfferPending extends SipError {
  readonly code = 'ERR_SIP_OFFER_PENDING';
  readonly statusCode = 491;

  constructor() {
    super('session: expected no offer while another goes the other way');
  }
}

/** A request came that must wait until its sender has the answer to the one before (RFC 3311 5.2). */
export class OfferOverlapped extends SipError {
  readonly code = 'ERR_SIP_OFFER_OVERLAPPED';
  readonly statusCode = 500;
  /** 0 to 10, chosen at random: value for Retry-After. */
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super('session: expected no offer before the last one is answered');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A PRACK acknowledges no response that waits for it (RFC 3262 3). */
export class PrackUnmatched extends SipError {
  readonly code = 'ERR_SIP_PRACK_UNMATCHED';
  readonly statusCode = 481;

  constructor() {
    super('RAck: expected the numbers of a response that is not acknowledged yet');
  }
}

/** The session interval is shorter than somebody here takes (RFC 4028 9). */
export class SessionIntervalTooSmall extends SipError {
  readonly code = 'ERR_SIP_SESSION_INTERVAL_TOO_SMALL';
  readonly statusCode = 422;
  /** Value for Min-SE. */
  readonly minSeconds: number;

  constructor(minSeconds: number) {
    super(`Session-Expires: expected at least ${minSeconds} s`);
    this.minSeconds = minSeconds;
  }
}

/** An INFO of a package that is not taken here (RFC 6086 4.2.2). */
export class InfoPackageRefused extends SipError {
  readonly code = 'ERR_SIP_INFO_PACKAGE_REFUSED';
  readonly statusCode = 469;
  /** Value for Recv-Info. */
  readonly recvInfo: string;

  constructor(recvInfo: string) {
    super('Info-Package: expected one of those in Recv-Info');
    this.recvInfo = recvInfo;
  }
}

/** The URI of a Refer-To asks for what no peer may decide: another scheme, or header fields that mislead (RFC 3261 19.1.5). */
export class ReferTargetRefused extends SipError {
  readonly code = 'ERR_SIP_REFER_TARGET_REFUSED';
  readonly statusCode = 403;

  constructor(expected: string) {
    super(`Refer-To: expected ${expected}`);
  }
}

/** The request has passed as many hops as it may (RFC 3261 16.3 step 3). */
export class MaxForwardsExceeded extends SipError {
  readonly code = 'ERR_SIP_MAX_FORWARDS_EXCEEDED';
  readonly statusCode = 483;

  constructor() {
    super('Max-Forwards: expected more than 0');
  }
}

/** The flow is gone or its queue is full; nothing more can be sent on it (RFC 3261 17.1.4, RFC 5626). */
export class TransportFailed extends SipError {
  readonly code = 'ERR_SIP_TRANSPORT_FAILED';
  readonly statusCode = 503;
}

/** No server could be found for a URI or a Via: no record, no answer of DNS, or no transport we speak (RFC 3263 4). */
export class ServerNotFound extends SipError {
  readonly code = 'ERR_SIP_SERVER_NOT_FOUND';
  readonly statusCode = 503;

  constructor(options?: { readonly cause?: unknown }) {
    super('server location: expected an address to send to', options);
  }
}

/** No challenge of a 401 or 407 can be answered: other schemes or algorithms, or no user for the realm (RFC 3261 22.2). */
export class ChallengeUnsupported extends SipError {
  readonly code = 'ERR_SIP_CHALLENGE_UNSUPPORTED';
  readonly statusCode = 403;

  constructor() {
    super('challenge: expected Digest with an algorithm, qop and realm that there are credentials for');
  }
}

/** A realm that was answered with a stronger algorithm asks for a weaker one (RFC 8760 2.4, RFC 7616 5.8). */
export class DowngradeRefused extends SipError {
  readonly code = 'ERR_SIP_DOWNGRADE_REFUSED';
  readonly statusCode = 403;
  readonly realm: string;

  constructor(realm: string) {
    super('challenge: expected an algorithm no weaker than before');
    this.realm = realm;
  }
}

/** The same credentials were refused: the user has to be asked (RFC 3261 22.2). */
export class CredentialsRejected extends SipError {
  readonly code = 'ERR_SIP_CREDENTIALS_REJECTED';
  readonly statusCode = 403;
  readonly realm: string;

  constructor(realm: string) {
    super('credentials: expected others than were refused');
    this.realm = realm;
  }
}

/** Challenges came from more realms than are remembered. */
export class TooManyRealms extends SipError {
  readonly code = 'ERR_SIP_TOO_MANY_REALMS';
  readonly statusCode = 403;

  constructor() {
    super('challenge: expected fewer realms');
  }
}

/** The proof of the server in Authentication-Info is wrong, or missing where it is required (RFC 7616 3.5). */
export class ServerNotAuthenticated extends SipError {
  readonly code = 'ERR_SIP_SERVER_NOT_AUTHENTICATED';
  readonly statusCode = 502;

  constructor() {
    super('Authentication-Info: expected an rspauth of somebody who knows the secret');
  }
}

export type AnySipError =
  | ReferTargetRefused
  | ChallengeUnsupported
  | DowngradeRefused
  | CredentialsRejected
  | TooManyRealms
  | ServerNotAuthenticated
  | BodyMalformed
  | DialogUnknown
  | DialogsExhausted
  | OfferPending
  | OfferOverlapped
  | PrackUnmatched
  | SessionIntervalTooSmall
  | InfoPackageRefused
  | MessageMalformed
  | MessageTooLarge
  | VersionNotSupported
  | HeaderMissing
  | HeaderMalformed
  | ResponseOutOfTurn
  | RequestOutOfOrder
  | RequestPending
  | InviteOverlapped
  | MaxForwardsExceeded
  | TransportFailed
  | ServerNotFound;

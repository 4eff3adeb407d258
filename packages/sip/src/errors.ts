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

  constructor(expected: string, offset: number) {
    super(`message: expected ${expected} at offset ${offset}`);
    this.offset = offset;
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

  constructor(header: string, found: number) {
    super(`${header}: expected ${found === 0 ? 'this header field' : `it once, found it ${found} times`}`);
    this.header = header;
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

export type AnySipError =
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
  | TransportFailed;

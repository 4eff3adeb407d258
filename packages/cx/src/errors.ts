/**
 * What keeps a Cx command from being answered. Refusals are answers, not errors.
 *
 * @module
 */

export abstract class CxError extends Error {
  /** The discriminant of {@link AnyCxError}. */
  abstract readonly code: `ERR_CX_${string}`;
  /** Status code of the SIP response, should this error end its request (RFC 3261 21). */
  abstract readonly statusCode: number;
}

/** No HSS, or no S-CSCF of that name, is attached (RFC 6733 7.1.3, DIAMETER_UNABLE_TO_DELIVER). */
export class CxPeerUnreachable extends CxError {
  readonly code = 'ERR_CX_PEER_UNREACHABLE';
  readonly statusCode = 504;

  constructor(peer: string) {
    super(`${peer}: expected an attached peer`);
  }
}

/** The peer did not answer in time. It may have acted all the same. */
export class CxTimeout extends CxError {
  readonly code = 'ERR_CX_TIMEOUT';
  readonly statusCode = 504;

  constructor(command: string, timeoutMs: number) {
    super(`${command}: expected an answer within ${timeoutMs} ms`);
  }
}

/** Too many commands await their answers (RFC 6733 7.1.3, DIAMETER_TOO_BUSY). */
export class CxTooBusy extends CxError {
  readonly code = 'ERR_CX_TOO_BUSY';
  readonly statusCode = 503;

  constructor(command: string, limit: number) {
    super(`${command}: expected at most ${limit} commands without an answer`);
  }
}

/** The peer failed instead of answering; `cause` is its error. */
export class CxPeerFailed extends CxError {
  readonly code = 'ERR_CX_PEER_FAILED';
  readonly statusCode = 500;

  constructor(command: string, cause: unknown) {
    super(`${command}: expected an answer, the peer failed`, { cause });
  }
}

export type AnyCxError = CxPeerUnreachable | CxTimeout | CxTooBusy | CxPeerFailed;

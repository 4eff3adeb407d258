/**
 * Why a CSCF does not carry out a request.
 *
 * @module
 */

export abstract class CoreError extends Error {
  abstract readonly code: `ERR_CORE_${string}`;
  /** Status code for the peer. */
  abstract readonly statusCode: number;
}

/** The request is refused; the message is the reason phrase that the peer reads. */
export class RequestRefused extends CoreError {
  readonly code = 'ERR_CORE_REQUEST_REFUSED';
  readonly statusCode: number;
  /** Header fields of the answer. */
  readonly headers: readonly (readonly [name: string, value: string])[];

  constructor(statusCode: number, reasonPhrase: string, headers: readonly (readonly [string, string])[] = []) {
    super(reasonPhrase);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** The next hop is none of the Mw peers: nothing is ever sent elsewhere. */
export class NoRoute extends CoreError {
  readonly code = 'ERR_CORE_NO_ROUTE';
  readonly statusCode = 404;

  constructor() {
    super('next hop: expected one of the Mw peers');
  }
}

export type AnyCoreError = RequestRefused | NoRoute;

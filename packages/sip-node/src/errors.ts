/**
 * What goes wrong between the transports and the transaction user.
 *
 * @module
 */
import { SipError } from '@wicgate/sip';

/** As many transactions are under way as this process takes on (RFC 3261 21.5.4). */
export class Overloaded extends SipError {
  readonly code = 'ERR_SIP_OVERLOADED';
  readonly statusCode = 503;

  constructor(limit: number) {
    super(`expected fewer than ${limit} transactions under way`);
  }
}

/** The transaction user threw where it should have answered; `cause` is what it threw (RFC 3261 21.5.1). */
export class ProcessingFailed extends SipError {
  readonly code = 'ERR_SIP_PROCESSING_FAILED';
  readonly statusCode = 500;

  constructor(cause: unknown) {
    super('expected the message to be processed', { cause });
  }
}

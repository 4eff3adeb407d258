/**
 * Answers of a call (RFC 3261 8.2.6).
 *
 * @module
 */
import { ResponseOutOfTurn, SipError } from '../errors.ts';
import { createResponse, type ResponseOptions } from '../messages/create-response.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';

/** Answers, unless a final response has gone out already, for instance because of a CANCEL. */
export function respond<F extends Flow>(
  transaction: ServerTransaction<F>,
  statusCode: number,
  options: ResponseOptions = {},
): void {
  try {
    transaction.respond(createResponse(transaction.request, statusCode, options));
  } catch (error) {
    if (!(error instanceof ResponseOutOfTurn)) throw error;
  }
}

/** The header fields that belong to an error of this stack. */
export function headersOfError(error: SipError): readonly (readonly [string, string])[] {
  if ('retryAfterSeconds' in error) return [['Retry-After', String(error.retryAfterSeconds)]];
  if ('minSeconds' in error) return [['Min-SE', String(error.minSeconds)]];
  if ('recvInfo' in error) return [['Recv-Info', String(error.recvInfo)]];
  return [];
}

/** Runs `handle`; what is wrong with the request becomes the answer to it. */
export function answerFaults<F extends Flow>(
  transaction: ServerTransaction<F>,
  handle: () => void,
  toTag?: string,
): void {
  try {
    handle();
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    const tag = toTag === undefined ? {} : { toTag };
    respond(transaction, error.statusCode, { ...tag, headers: headersOfError(error) });
  }
}

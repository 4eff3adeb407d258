/**
 * What any dialog of a WIC answers in the same way (RFC 3261 8.2, RFC 6086 4.2.2).
 *
 * @module
 */
import {
  createResponse,
  decodeUtf8,
  type ResponseOptions,
  ResponseOutOfTurn,
  type ServerTransaction,
  SipError,
} from '@wicgate/sip';
import { type CandidateFragment, parseFragment } from '../media/candidate-fragment.ts';
import { allow, contentTypeOf, fragmentType, infoPackage, supported } from './access.ts';

/** Answers, unless a final response has gone out already, e.g. because the request was cancelled meanwhile. */
export function respond(transaction: ServerTransaction, statusCode: number, options: ResponseOptions = {}): void {
  try {
    transaction.respond(createResponse(transaction.request, statusCode, options));
  } catch (error) {
    if (!(error instanceof ResponseOutOfTurn)) throw error;
  }
}

/** Runs `handle`; what is wrong with the request becomes the answer to it. */
export function answerFaults(transaction: ServerTransaction, handle: () => void): void {
  try {
    handle();
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    const retry = 'retryAfterSeconds' in error ? [['Retry-After', String(error.retryAfterSeconds)] as const] : [];
    respond(transaction, error.statusCode, { headers: retry });
  }
}

/** True after an answer to a request that requires what we have not (RFC 3261 8.2.2.3). */
export function refuseExtensions(transaction: ServerTransaction, toTag?: string): boolean {
  const known = supported.split(', ');
  const required = transaction.request.headers.all('Require');
  const unsupported = required.filter((tag) => !known.includes(tag.trim().toLowerCase()));
  if (unsupported.length === 0) return false;
  respond(transaction, 420, {
    ...(toTag === undefined ? {} : { toTag }),
    headers: [['Unsupported', unsupported.slice(0, 20).join(', ')]],
  });
  return true;
}

/** A method that nobody here knows, or not in this place (RFC 3261 8.2.1). */
export function refuseMethod(transaction: ServerTransaction, toTag?: string): void {
  respond(transaction, 405, { ...(toTag === undefined ? {} : { toTag }), headers: [['Allow', allow]] });
}

/** An INFO: candidates go to `take` (RFC 8840 4.4); other packages are refused with what we take (RFC 6086 4.2.2). */
export function answerInfo(transaction: ServerTransaction, take: (fragment: CandidateFragment) => void): void {
  const { headers, body } = transaction.request;
  if ((headers.first('Info-Package') ?? '').trim().toLowerCase() !== infoPackage) {
    respond(transaction, 469, { headers: [['Recv-Info', infoPackage]] });
    return;
  }
  if (contentTypeOf(transaction.request) !== fragmentType) {
    respond(transaction, 415, { headers: [['Accept', fragmentType]] });
    return;
  }
  const fragment = parseFragment(decodeUtf8(body) ?? '');
  if (fragment === undefined) {
    respond(transaction, 400);
    return;
  }
  take(fragment);
  respond(transaction, 200);
}

/**
 * Why a REGISTER did not do what it was for (RFC 3261 10.2.7, 10.2.8).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { findNumber } from '../headers/number-header.ts';
import type { SipResponse } from '../messages/message.ts';

/** What happened in the place of a binding. */
export type RegistrationFailure =
  /** 401 or 407, and there are no credentials, or none that were taken. */
  | { readonly type: 'challenged'; readonly response: SipResponse }
  /** 423 that names nothing to ask for. */
  | { readonly type: 'too brief'; readonly response: SipResponse }
  /** 439: the first hop does not keep flows; the same without reg-id may do (RFC 5626 4.2.1). */
  | { readonly type: 'first hop lacks outbound'; readonly response: SipResponse }
  /** 430: the flow that was asked for is gone (RFC 5626 11.5). */
  | { readonly type: 'flow failed'; readonly response: SipResponse }
  /** Any other failure. */
  | { readonly type: 'refused'; readonly response: SipResponse; readonly retryAfterSeconds: number | undefined }
  /** A 2xx that holds no binding of this end. */
  | { readonly type: 'not bound'; readonly response: SipResponse }
  /** A 2xx that cannot be read. */
  | { readonly type: 'malformed'; readonly error: SipError }
  | { readonly type: 'timeout' }
  | { readonly type: 'transport error'; readonly error: SipError };

/** For a response of 300 and above. */
export function readRegistrationFailure(response: SipResponse): RegistrationFailure {
  const { statusCode } = response;
  if (statusCode === 401 || statusCode === 407) return { type: 'challenged', response };
  if (statusCode === 423) return { type: 'too brief', response };
  if (statusCode === 430) return { type: 'flow failed', response };
  if (statusCode === 439) return { type: 'first hop lacks outbound', response };
  return { type: 'refused', response, retryAfterSeconds: findRetryAfter(response) };
}

/** Undefined where it is absent or broken. */
function findRetryAfter({ headers }: SipResponse): number | undefined {
  try {
    return findNumber(headers, 'Retry-After');
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

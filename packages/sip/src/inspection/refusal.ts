/**
 * Why a request is not carried out, as its sender is told (RFC 3261 8.2, 16.3).
 *
 * @module
 */
import type { SipError } from '../errors.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { reasonOfError } from '../messages/reason-of-error.ts';

export interface Refusal {
  /** 400 to 699. */
  readonly statusCode: number;
  /** Undefined leaves it to the phrase of the registry. */
  readonly reasonPhrase: string | undefined;
  /** What tells the sender how to do better: Allow, Unsupported, Accept and the like. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A refusal without advice, or with these header fields. */
export function createRefusal(statusCode: number, ...headers: readonly (readonly [string, string])[]): Refusal {
  return { statusCode, reasonPhrase: undefined, headers };
}

/** The status code of the error; its reason phrase names the header field at fault, never a value. */
export function refusalOf(error: SipError): Refusal {
  return { statusCode: error.statusCode, reasonPhrase: reasonOfError(error), headers: [] };
}

/** The response to `request` that says so. */
export function refuse(request: SipRequest, refusal: Refusal, toTag: string): SipResponse {
  const { statusCode, reasonPhrase, headers } = refusal;
  const phrase = reasonPhrase === undefined ? {} : { reasonPhrase };
  return createResponse(request, statusCode, { toTag, headers, ...phrase });
}

/**
 * A MESSAGE that came in (RFC 3428 7).
 *
 * @module
 */
import { parseContentType } from '../headers/content-type.ts';
import { findNumber } from '../headers/number-header.ts';
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** What this end takes. */
export interface InstantMessagePolicy {
  /** Body types that are shown, in lower case, such as `text/plain`. */
  readonly accept: readonly string[];
  readonly toTag: string;
}

/** What to do with a MESSAGE. */
export type InstantMessageOutcome =
  | {
      readonly type: 'deliver';
      /** Without parameters, in lower case; undefined where there is no body. */
      readonly contentType: string | undefined;
      readonly body: Uint8Array;
      /** From when it was sent; undefined where it stays good. */
      readonly lifetimeSeconds: number | undefined;
    }
  /** The response to send. */
  | { readonly type: 'refuse'; readonly response: SipResponse };

/** What to do with it; nothing has been answered yet. @throws {HeaderMalformed} Content-Type or Expires is broken. */
export function receiveInstantMessage(request: SipRequest, policy: InstantMessagePolicy): InstantMessageOutcome {
  const { headers, body } = request;
  const refuse = (statusCode: number, name: string, value: string): InstantMessageOutcome => ({
    type: 'refuse',
    response: createResponse(request, statusCode, { toTag: policy.toTag, headers: [[name, value]] }),
  });
  const isEncoded = headers.all('Content-Encoding').some((encoding) => encoding.toLowerCase() !== 'identity');
  if (isEncoded) return refuse(415, 'Accept-Encoding', 'identity');
  const written = headers.first('Content-Type');
  const contentType = written === undefined ? undefined : parseContentType(written).mediaType;
  if (body.length > 0 && (contentType === undefined || !policy.accept.includes(contentType))) {
    return refuse(415, 'Accept', policy.accept.join(', '));
  }
  return { type: 'deliver', contentType, body, lifetimeSeconds: findNumber(headers, 'Expires') };
}

/** 200 where it was shown, 202 where it was stored: without body and Contact (RFC 3428 7). */
export function acceptInstantMessage(request: SipRequest, statusCode: 200 | 202, toTag: string): SipResponse {
  return createResponse(request, statusCode, { toTag });
}

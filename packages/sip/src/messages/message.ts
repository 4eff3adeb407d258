/**
 * SIP messages (RFC 3261 7): plain immutable data.
 *
 * @module
 */
import type { Headers } from '../headers/headers.ts';

export interface SipRequest {
  /** As written: methods are case-sensitive. */
  readonly method: string;
  /** As written. Not parsed. */
  readonly requestUri: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface SipResponse {
  /** 100 to 699. */
  readonly statusCode: number;
  readonly reasonPhrase: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export type SipMessage = SipRequest | SipResponse;

export const noBody: Uint8Array = new Uint8Array(0);

export function isRequest(message: SipMessage): message is SipRequest {
  return 'method' in message;
}

/**
 * A response to a request (RFC 3261 8.2.6).
 *
 * @module
 */

import { Headers } from '../headers/headers.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { noBody, type SipRequest, type SipResponse } from './message.ts';
import { reasonPhraseOf } from './reason-phrases.ts';

export interface ResponseOptions {
  /** Defaults to the phrase of the registry. */
  readonly reasonPhrase?: string;
  /** Added to To where the request's has none; every response but 100 needs one (8.2.6.2). */
  readonly toTag?: string;
  /** Header fields after the ones that RFC 3261 8.2.6.2 copies. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** Via, From, To, Call-ID and CSeq are the request's; Record-Route and Timestamp are left to the caller. */
export function createResponse(request: SipRequest, statusCode: number, options: ResponseOptions = {}): SipResponse {
  const copied: [string, string][] = [];
  for (const { key, value } of request.headers) {
    const name = copiedNames.get(key);
    if (name === undefined) continue;
    copied.push([name, key === 'to' ? withTag(value, options.toTag) : value]);
  }
  return {
    statusCode,
    reasonPhrase: options.reasonPhrase ?? reasonPhraseOf(statusCode),
    headers: Headers.of(...copied, ...(options.headers ?? [])),
    body: options.body ?? noBody,
  };
}

const copiedNames = new Map([
  ['via', 'Via'],
  ['from', 'From'],
  ['to', 'To'],
  ['call-id', 'Call-ID'],
  ['cseq', 'CSeq'],
]);

function withTag(to: string, tag: string | undefined): string {
  if (tag === undefined || parseNameAddr(to, 'To').params.has('tag')) return to;
  return `${to};tag=${tag}`;
}

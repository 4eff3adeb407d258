/**
 * How a client may try again after a refusal (RFC 3261 8.1.3.5). Challenges are for digest, redirections for
 * `redirectTargets`.
 *
 * @module
 */
import { findNumber } from '../headers/number-header.ts';
import { parseRetryAfter } from '../headers/retry-after.ts';
import { findTokens } from '../headers/token-list.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { ClientEvent } from '../transactions/transaction-host.ts';

export type RetryAdvice =
  /** 413: the body is too much; perhaps not for ever. */
  | { readonly type: 'smaller body'; readonly afterSeconds: number | undefined }
  /** 415: only what is listed; an empty list says nothing. */
  | {
      readonly type: 'other body';
      readonly accept: readonly string[];
      readonly encodings: readonly string[];
      readonly languages: readonly string[];
    }
  /** 416: with a `sip:` URI, where it was none. */
  | { readonly type: 'sip URI' }
  /** 420: without these option tags. */
  | { readonly type: 'without extensions'; readonly tags: readonly string[] }
  /** 421: with these. */
  | { readonly type: 'with extensions'; readonly tags: readonly string[] }
  /** 423: for at least that long. */
  | { readonly type: 'longer'; readonly minExpiresSeconds: number }
  /** 404, 480, 486, 500, 503, 600 or 603 with Retry-After (20.33). */
  | { readonly type: 'later'; readonly afterSeconds: number };

const laterCodes = new Set([404, 480, 486, 500, 503, 600, 603]);

/** Undefined where another try has no better prospects. @throws {HeaderMalformed} */
export function retryAdvice(request: SipRequest, { statusCode, headers }: SipResponse): RetryAdvice | undefined {
  const afterSeconds = readRetryAfter(headers.first('Retry-After'));
  switch (statusCode) {
    case 413:
      return { type: 'smaller body', afterSeconds };
    case 415: {
      const [accept, encodings] = [headers.all('Accept'), headers.all('Accept-Encoding')];
      return { type: 'other body', accept, encodings, languages: headers.all('Accept-Language') };
    }
    case 416:
      return request.requestUri.toLowerCase().startsWith('sip:') ? undefined : { type: 'sip URI' };
    case 420:
      return advice('without extensions', findTokens(headers, 'Unsupported'));
    case 421:
      return advice('with extensions', findTokens(headers, 'Require'));
    case 423: {
      const minExpiresSeconds = findNumber(headers, 'Min-Expires');
      return minExpiresSeconds === undefined ? undefined : { type: 'longer', minExpiresSeconds };
    }
    default:
      return afterSeconds === undefined || !laterCodes.has(statusCode) ? undefined : { type: 'later', afterSeconds };
  }
}

/** As what a client counts an event: a timeout as 408, a transport error as 503 (RFC 3261 8.1.3.1). */
export function statusCodeOf(event: ClientEvent): number {
  if (event.type === 'response') return event.response.statusCode;
  return event.type === 'timeout' ? 408 : 503;
}

function advice(type: 'without extensions' | 'with extensions', tags: readonly string[]): RetryAdvice | undefined {
  return tags.length === 0 ? undefined : { type, tags };
}

function readRetryAfter(value: string | undefined): number | undefined {
  return value === undefined ? undefined : parseRetryAfter(value).seconds;
}

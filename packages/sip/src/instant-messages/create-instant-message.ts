/**
 * The MESSAGE of a pager, outside any dialog (RFC 3428).
 *
 * @module
 */
import { MessageTooLarge } from '../errors.ts';
import { headerKey } from '../headers/header-name.ts';
import { Headers } from '../headers/headers.ts';
import { formatNameAddr } from '../headers/name-addr.ts';
import { formatMessage } from '../messages/format-message.ts';
import type { SipRequest } from '../messages/message.ts';

/** What a MESSAGE says. */
export interface InstantMessageFields {
  /** URI of the receiver: Request-URI and To. */
  readonly target: string;
  /** URI of this end, for From. */
  readonly from: string;
  readonly fromTag: string;
  readonly callId: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Route, Expires, Date and so on. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Whether every hop is known to control congestion, so that size does not matter (RFC 3428 8). */
  readonly isPathReliable?: boolean;
}

/** RFC 3428 8. */
const maxOctets = 1_300;
/** What the Via of this end may take. */
const viaOctets = 150;
/** A MESSAGE makes no dialog: there is nothing that these could lead back to (RFC 3428 4, 5). */
const forbidden = new Set(['contact', 'record-route']);

/**
 * Without Via; CSeq starts at 1.
 *
 * @throws {MessageTooLarge} with its Via it would pass 1300 octets. @throws {TypeError} Contact or Record-Route among
 * the header fields, or a value that could break out.
 */
export function createInstantMessage(fields: InstantMessageFields): SipRequest {
  const { target, from, fromTag, callId, contentType, body, headers = [], isPathReliable = false } = fields;
  if (headers.some(([name]) => forbidden.has(headerKey(name)))) throw new TypeError('expected no Contact in a MESSAGE');
  const request: SipRequest = {
    method: 'MESSAGE',
    requestUri: target,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', formatNameAddr({ displayName: undefined, uri: from, params: new Map([['tag', fromTag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: target, params: new Map() })],
      ['Call-ID', callId],
      ['CSeq', '1 MESSAGE'],
      ...headers,
      ['Content-Type', contentType],
    ),
    body,
  };
  if (!isPathReliable && formatMessage(request).length + viaOctets > maxOctets) {
    throw new MessageTooLarge('octets in a MESSAGE', maxOctets);
  }
  return request;
}

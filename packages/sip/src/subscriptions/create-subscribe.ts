/**
 * The SUBSCRIBE that starts a subscription (RFC 6665 4.1.2.1).
 *
 * @module
 */
import { type Event, formatEvent } from '../headers/event.ts';
import { formatExpires } from '../headers/expires.ts';
import { Headers } from '../headers/headers.ts';
import { formatNameAddr } from '../headers/name-addr.ts';
import { noBody, type SipRequest } from '../messages/message.ts';

/** What a first SUBSCRIBE says. */
export interface SubscribeFields {
  /** URI of the resource: Request-URI and To. */
  readonly target: string;
  /** URI of this end, for From. */
  readonly from: string;
  readonly fromTag: string;
  readonly callId: string;
  /** Value of Contact: where NOTIFY shall go. */
  readonly contact: string;
  readonly event: Event;
  /** 0 asks for the state once (RFC 6665 4.4.3). */
  readonly expiresSeconds: number;
  /** Body types of NOTIFY that are understood; empty leaves it to the package. */
  readonly accept: readonly string[];
  /** Route, Supported, P-Preferred-Identity and so on. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** Without Via; CSeq starts at 1. @throws {TypeError} a value could break out of its header field. */
export function createSubscribe(fields: SubscribeFields): SipRequest {
  const { target, from, fromTag, callId, contact, event, expiresSeconds, accept, headers = [] } = fields;
  const accepts = accept.length === 0 ? [] : [['Accept', accept.join(', ')] as const];
  return {
    method: 'SUBSCRIBE',
    requestUri: target,
    headers: Headers.of(
      ['Max-Forwards', '70'],
      ['From', formatNameAddr({ displayName: undefined, uri: from, params: new Map([['tag', fromTag]]) })],
      ['To', formatNameAddr({ displayName: undefined, uri: target, params: new Map() })],
      ['Call-ID', callId],
      ['CSeq', '1 SUBSCRIBE'],
      ['Contact', contact],
      ['Event', formatEvent(event)],
      ['Expires', formatExpires(expiresSeconds)],
      ...accepts,
      ...headers,
    ),
    body: noBody,
  };
}

/**
 * What a NOTIFY says (RFC 6665 3.2, 8.2).
 *
 * @module
 */
import { HeaderMissing } from '../errors.ts';
import { type Event, parseEvent } from '../headers/event.ts';
import { parseSubscriptionState, type SubscriptionState } from '../headers/subscription-state.ts';
import type { SipRequest } from '../messages/message.ts';

/** One NOTIFY, read. */
export interface Notification {
  readonly event: Event;
  readonly state: SubscriptionState;
  /** As written; undefined where there is no body. */
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  readonly request: SipRequest;
}

/** @throws {HeaderMissing} Event or Subscription-State is absent or there twice. @throws {HeaderMalformed} */
export function readNotification(request: SipRequest): Notification {
  const { headers, body } = request;
  for (const name of ['Event', 'Subscription-State']) {
    if (headers.count(name) !== 1) throw new HeaderMissing(name, headers.count(name));
  }
  return {
    event: parseEvent(headers.first('Event') ?? ''),
    state: parseSubscriptionState(headers.first('Subscription-State') ?? ''),
    contentType: headers.first('Content-Type'),
    body,
    request,
  };
}

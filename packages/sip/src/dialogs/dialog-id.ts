/**
 * What names a dialog: Call-ID and both tags (RFC 3261 12).
 *
 * @module
 */
import type { Headers } from '../headers/headers.ts';
import { readNameAddr } from '../headers/name-addr.ts';
import { isRequest, type SipMessage } from '../messages/message.ts';

/** Seen from one end: what is local here is remote there. */
export interface DialogId {
  readonly callId: string;
  /** '' for a peer of RFC 2543, which has none (12.1.1). */
  readonly localTag: string;
  readonly remoteTag: string;
}

/** Who sent the message: a received request and a sent response carry the peer in From, the two others in To. */
export type Direction = 'sent' | 'received';

/**
 * The dialog that `message` names, with '' for a tag that is not there.
 *
 * @throws {HeaderMissing} no From or To. @throws {HeaderMalformed}
 */
export function dialogIdOf(message: SipMessage, direction: Direction): DialogId {
  const { headers } = message;
  const fromTag = tagOf(headers, 'From');
  const toTag = tagOf(headers, 'To');
  const callId = headers.first('Call-ID') ?? '';
  const isLocalFrom = isRequest(message) === (direction === 'sent');
  return isLocalFrom
    ? { callId, localTag: fromTag, remoteTag: toTag }
    : { callId, localTag: toTag, remoteTag: fromTag };
}

/** One text for each dialog: no header field value holds a line end. */
export function dialogKey({ callId, localTag, remoteTag }: DialogId): string {
  return `${callId}\n${localTag}\n${remoteTag}`;
}

function tagOf(headers: Headers, name: 'From' | 'To'): string {
  return readNameAddr(headers, name).params.get('tag') ?? '';
}

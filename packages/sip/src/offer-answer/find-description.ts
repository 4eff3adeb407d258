/**
 * Whether a message has a session description (RFC 3261 13.2.1, 20.11).
 *
 * @module
 */
import { findBody } from '../bodies/find-body.ts';
import { parseContentDisposition } from '../headers/content-disposition.ts';
import type { SipMessage } from '../messages/message.ts';

const descriptionType = 'application/sdp';

/**
 * The octets of the session description, alone or as a part of the body; undefined where there is none. Without
 * Content-Disposition SDP is one; that of an early session (RFC 3959) is not.
 *
 * @throws {HeaderMalformed} @throws {BodyMalformed} @throws {MessageTooLarge}
 */
export function findDescription(message: SipMessage): Uint8Array | undefined {
  if (message.body.length === 0) return undefined;
  const part = findBody(message, descriptionType);
  return part !== undefined && isSession(part.headers.first('Content-Disposition')) ? part.body : undefined;
}

function isSession(disposition: string | undefined): boolean {
  return disposition === undefined || parseContentDisposition(disposition).type === 'session';
}

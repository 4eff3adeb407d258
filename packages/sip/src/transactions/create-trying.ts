/**
 * The 100 that a server transaction sends by itself (RFC 3261 17.2.1, RFC 4320 4.1).
 *
 * @module
 */
import { createResponse } from '../messages/create-response.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** Without a tag, as it makes no dialog; the time in Timestamp is copied (RFC 3261 8.2.6.1). */
export function createTrying(request: SipRequest): SipResponse {
  const timestamp = request.headers.first('Timestamp');
  return createResponse(request, 100, timestamp === undefined ? {} : { headers: [['Timestamp', timestamp]] });
}

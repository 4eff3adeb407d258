/**
 * `keep` in Via: the UE offers to keep its flow alive, the first hop takes it up (RFC 6223 4.3, 4.4).
 *
 * @module
 */
import { formatVia, grantKeep, readVia, type SipResponse } from '@wicgate/sip';

/** `response` with a value for the `keep` of its top Via: seconds between keep-alives; 0 leaves it to the UE. */
export function answerKeep(response: SipResponse, seconds: number): SipResponse {
  const via = readVia(response.headers);
  const granted = grantKeep(via, seconds);
  if (granted === via) return response;
  return { ...response, headers: response.headers.replaceFirst('Via', formatVia(granted)) };
}

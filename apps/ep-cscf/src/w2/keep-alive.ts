/**
 * `keep` in Via: the UE offers to keep its flow alive, the first hop takes it up (RFC 6223 4.3, 4.4).
 *
 * @module
 */
import { formatVia, parseVia, type SipResponse } from '@wicgate/sip';

/** `response` with a value for the `keep` of its top Via: seconds between keep-alives; 0 leaves it to the UE. */
export function answerKeep(response: SipResponse, seconds: number): SipResponse {
  const top = response.headers.first('Via');
  if (top === undefined || !/;\s*keep\s*(?:;|$)/iu.test(top)) return response;
  const via = parseVia(top);
  const params = new Map(via.params).set('keep', String(seconds));
  return { ...response, headers: response.headers.replaceFirst('Via', formatVia({ ...via, params })) };
}

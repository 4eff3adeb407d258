/**
 * The CANCEL of a request (RFC 3261 9.1).
 *
 * @module
 */
import { parseCSeq } from '../headers/cseq.ts';
import { noBody, type SipRequest } from '../messages/message.ts';

/**
 * Request-URI, top Via, Route, From, To, Call-ID and CSeq number are those of `invite`, as it was sent. `reason` is a
 * value for Reason (RFC 3326), or several with commas between them.
 */
export function createCancel(invite: SipRequest, reason?: string): SipRequest {
  const { headers, requestUri } = invite;
  const { number } = parseCSeq(headers.first('CSeq') ?? '');
  const kept = headers
    .only('Route', 'From', 'To', 'Call-ID')
    .prepend('Via', headers.first('Via') ?? '')
    .with('Max-Forwards', '70')
    .with('CSeq', `${number} CANCEL`);
  return {
    method: 'CANCEL',
    requestUri,
    headers: reason === undefined ? kept : kept.with('Reason', reason),
    body: noBody,
  };
}

/**
 * The PRACK for a reliable provisional response (RFC 3262 4, 7.2).
 *
 * @module
 */
import type { Dialog, DialogRequestOptions } from '../dialogs/dialog.ts';
import { readCSeq } from '../headers/cseq.ts';
import { formatRAck } from '../headers/rack.ts';
import { parseRSeq } from '../headers/rseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/**
 * The next request of `dialog`, which acknowledges `response`; the answer goes in its body where the response brought
 * an offer.
 *
 * @throws {HeaderMalformed}
 */
export function createPrack(dialog: Dialog, response: SipResponse, options: DialogRequestOptions = {}): SipRequest {
  const rseq = parseRSeq(response.headers.first('RSeq') ?? '');
  const { number, method } = readCSeq(response.headers);
  const rack = formatRAck({ rseq, cseq: number, method });
  return dialog.createRequest('PRACK', { ...options, headers: [['RAck', rack], ...(options.headers ?? [])] });
}

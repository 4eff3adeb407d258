/**
 * Where a request really came from, noted in its top Via (RFC 3261 18.2.1, RFC 3581 4).
 *
 * @module
 */
import { formatVia, parseVia, type SipRequest } from '@wicgate/sip';

/**
 * Adds `received` where the sent-by names another host, and fills in `rport` where it was asked for. What the sender
 * wrote there itself does not stay.
 *
 * @throws {HeaderMalformed} there is no Via, or the top one is broken.
 */
export function withReceived(
  request: SipRequest,
  source: { readonly address: string; readonly port: number },
): SipRequest {
  const via = parseVia(request.headers.first('Via') ?? '');
  const asksForPort = via.params.has('rport');
  const isFromSentBy = via.host === source.address || via.host === `[${source.address}]`;
  if (isFromSentBy && !asksForPort && !via.params.has('received')) return request;
  const params = new Map(via.params);
  params.delete('received');
  if (!isFromSentBy || asksForPort) params.set('received', source.address);
  if (asksForPort) params.set('rport', String(source.port));
  return { ...request, headers: request.headers.replaceFirst('Via', formatVia({ ...via, params })) };
}

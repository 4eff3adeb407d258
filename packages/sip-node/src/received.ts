/**
 * Where a request really came from, noted in its top Via (RFC 3261 18.2.1, RFC 3581 4).
 *
 * @module
 */
import { formatVia, parseVia, type SipMessage } from '@wicgate/sip';
import { isAddress } from './address.ts';

/**
 * Adds `received` where the sent-by names another host, and fills in `rport` where it was asked for. What the sender
 * wrote there itself does not stay. `message` is a request, or the response made of one.
 *
 * @throws {HeaderMalformed} there is no Via, or the top one is broken.
 */
export function withReceived<Message extends SipMessage>(
  message: Message,
  source: { readonly address: string; readonly port: number },
): Message {
  const via = parseVia(message.headers.first('Via') ?? '');
  const asksForPort = via.params.has('rport');
  const isFromSentBy = isAddress(via.host, source.address);
  if (isFromSentBy && !asksForPort && !via.params.has('received')) return message;
  const params = new Map(via.params);
  params.delete('received');
  if (!isFromSentBy || asksForPort) params.set('received', source.address);
  if (asksForPort) params.set('rport', String(source.port));
  return { ...message, headers: message.headers.replaceFirst('Via', formatVia({ ...via, params })) };
}

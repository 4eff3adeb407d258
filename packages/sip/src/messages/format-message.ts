/**
 * Message to octets (RFC 3261 7).
 *
 * @module
 */
import { encodeUtf8 } from '../grammar/utf8.ts';
import { isRequest, type SipMessage } from './message.ts';

/** The message as it goes on the wire. Content-Length is set to the length of the body; all else stays as it is. */
export function formatMessage(message: SipMessage): Uint8Array {
  const head = encodeUtf8(formatHead(message));
  if (message.body.length === 0) return head;
  const octets = new Uint8Array(head.length + message.body.length);
  octets.set(head);
  octets.set(message.body, head.length);
  return octets;
}

function formatHead(message: SipMessage): string {
  const startLine = isRequest(message)
    ? `${message.method} ${message.requestUri} SIP/2.0`
    : `SIP/2.0 ${message.statusCode} ${message.reasonPhrase}`;
  const length = String(message.body.length);
  const isRight = message.headers.first('Content-Length') === length && message.headers.count('Content-Length') === 1;
  const headers = isRight ? message.headers : message.headers.set('Content-Length', length);
  return `${startLine}\r\n${headers}\r\n`;
}

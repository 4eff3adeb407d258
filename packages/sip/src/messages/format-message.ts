/**
 * Message to octets (RFC 3261 7).
 *
 * @module
 */
import { encodeUtf8 } from '../grammar/utf8.ts';
import { isRequest, type SipMessage } from './message.ts';

/**
 * The message as it goes on the wire. Content-Length is set to the length of the body; all else stays as it is.
 *
 * @throws {TypeError} the start line would not be read as it was meant: a line end in it, or white space in the URI.
 */
export function formatMessage(message: SipMessage): Uint8Array {
  const head = encodeUtf8(formatHead(message));
  if (message.body.length === 0) return head;
  const octets = new Uint8Array(head.length + message.body.length);
  octets.set(head);
  octets.set(message.body, head.length);
  return octets;
}

function formatHead(message: SipMessage): string {
  const startLine = formatStartLine(message);
  const length = String(message.body.length);
  const isRight = message.headers.first('Content-Length') === length && message.headers.count('Content-Length') === 1;
  const headers = isRight ? message.headers : message.headers.set('Content-Length', length);
  return `${startLine}\r\n${headers}\r\n`;
}

function formatStartLine(message: SipMessage): string {
  if (!isRequest(message)) {
    if (hasControlCharacter(message.reasonPhrase)) throw new TypeError('expected a reason phrase on one line');
    return `SIP/2.0 ${message.statusCode} ${message.reasonPhrase}`;
  }
  const { method, requestUri } = message;
  if (/\s/u.test(method) || hasControlCharacter(method)) throw new TypeError('expected a method');
  if (/\s/u.test(requestUri) || hasControlCharacter(requestUri)) throw new TypeError('expected a URI without spaces');
  return `${method} ${requestUri} SIP/2.0`;
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return true;
  }
  return false;
}

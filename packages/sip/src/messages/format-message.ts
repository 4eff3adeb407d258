/**
 * Message to octets (RFC 3261 7).
 *
 * @module
 */
import { isToken, isWhitespace } from '../grammar/characters.ts';
import { encodeUtf8With } from '../grammar/utf8.ts';
import { isRequest, type SipMessage } from './message.ts';
import { requireStatusCode } from './require-status-code.ts';

/**
 * The message as it goes on the wire. Content-Length is set to the length of the body; all else stays as it is.
 *
 * The octets may share their buffer with other messages: they are to be sent or copied, not changed.
 *
 * @throws {TypeError} the start line would not be read as it was meant: a line end in it, a method that is no token,
 * white space in the URI, or a status code out of 100 to 699.
 */
export function formatMessage(message: SipMessage): Uint8Array {
  return encodeUtf8With(formatHead(message), message.body);
}

function formatHead(message: SipMessage): string {
  const { headers, body } = message;
  const startLine = formatStartLine(message);
  const length = String(body.length);
  const found = headers.count('Content-Length');
  if (found === 0) return `${startLine}\r\n${headers.toString()}Content-Length: ${length}\r\n\r\n`;
  const isRight = found === 1 && headers.first('Content-Length') === length;
  return `${startLine}\r\n${(isRight ? headers : headers.set('Content-Length', length)).toString()}\r\n`;
}

function formatStartLine(message: SipMessage): string {
  if (!isRequest(message)) {
    if (hasControlCharacter(message.reasonPhrase)) throw new TypeError('expected a reason phrase on one line');
    return `SIP/2.0 ${requireStatusCode(message.statusCode)} ${message.reasonPhrase}`;
  }
  const { method, requestUri } = message;
  if (!isToken(method)) throw new TypeError('expected a method');
  if (!isOneWord(requestUri)) throw new TypeError('expected a URI without spaces');
  return `${method} ${requestUri} SIP/2.0`;
}

function isOneWord(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= 32 || code === 127) return false;
  }
  return text !== '';
}

function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code < 32 && !isWhitespace(code)) || code === 127) return true;
  }
  return false;
}

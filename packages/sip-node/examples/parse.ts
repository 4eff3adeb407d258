/**
 * Reads octets as a SIP message, a few of its header fields, and what is wrong with a broken one.
 *
 *     node packages/sip-node/examples/parse.ts
 *
 * @module
 */
import {
  checkMessage,
  encodeUtf8,
  isRequest,
  parseCSeq,
  parseMessage,
  parseNameAddr,
  parseVia,
  SipError,
} from '@wicgate/sip';

const text = [
  'INVITE sip:bob@example.com SIP/2.0',
  'Via: SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK74bf9',
  'Max-Forwards: 70',
  'From: "Alice Smith" <sip:alice@example.com>;tag=9fxced76sl',
  'To: Bob <sip:bob@example.com>',
  'Call-ID: 3848276298220188511@192.0.2.1',
  'CSeq: 1 INVITE',
  'Content-Length: 0',
  '\r\n',
].join('\r\n');

// Octets to message: the head is split, no header field is parsed before somebody asks for it.
const message = parseMessage(encodeUtf8(text));
if (isRequest(message)) console.log(`${message.method} ${message.requestUri}`);

// Typed header fields, each read by a function of its own.
const from = parseNameAddr(message.headers.first('From') ?? '', 'From');
console.log(`from ${from.displayName} at ${from.uri}, tag ${from.params.get('tag')}`);
const via = parseVia(message.headers.first('Via') ?? '');
console.log(`via ${via.transport} ${via.host} port ${via.port}`);
console.log(`number ${parseCSeq(message.headers.first('CSeq') ?? '').number}`);

// What is broken is a SipError: a code to decide on, the status code the peer gets, never the value.
try {
  checkMessage(parseMessage(encodeUtf8(text.replace('CSeq: 1 INVITE', 'CSeq: one INVITE'))));
} catch (error) {
  if (!(error instanceof SipError)) throw error;
  console.log(`${error.code} ${error.statusCode} ${error.message}`);
}

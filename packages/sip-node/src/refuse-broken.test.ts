import { isRequest, parseMessage, type SipError, type SipRequest, VersionNotSupported } from '@wicgate/sip';
import { expect, it } from 'vitest';
import { Overloaded } from './errors.ts';
import { refuseBroken, refuseSound } from './refuse-broken.ts';
import { requestText } from './testing/messages.ts';

const peer = { address: '192.0.2.1', port: 5_060, certificateNames: [], tlsSession: undefined };
const refuse = (text: string, error: SipError = new VersionNotSupported()) =>
  refuseBroken(Buffer.from(text, 'latin1'), { error, peer, toTag: 'us' });

it.each([
  ['another version', requestText().replace('SIP/2.0\r\n', 'SIP/7.0\r\n')],
  ['a broken Content-Length', requestText().replace('Content-Length: 0', 'Content-Length: -1')],
  ['a broken line', requestText().replace('Content-Length: 0', 'no header field')],
  ['a broken Request-URI', requestText().replace('sip:test@ims.example', 'nowhere')],
])('[RFC 3261 8.2.7] %s: what an answer copies is still found', (_name, text) => {
  const response = refuse(text);
  expect(response).toMatchObject({ statusCode: 505 });
  // [RFC 3261 18.2.1] and where it came from is noted, as for any other request.
  expect(response?.headers.first('Via')).toBe('SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKtest;received=192.0.2.1');
  expect(response?.headers.first('To')).toBe('<sip:bob@ims.example>;tag=us');
  expect(response?.headers.first('CSeq')).toBe('1 OPTIONS');
});

it.each([
  ['an ACK', requestText({ method: 'ACK' }).replace('SIP/2.0\r\n', 'SIP/7.0\r\n')],
  ['a response', 'SIP/7.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nCSeq: 1 OPTIONS\r\n\r\n'],
  ['no Via', requestText().replace(/Via: .*\r\n/u, '')],
  ['a broken Via', requestText().replace('SIP/2.0/TCP', 'SIP')],
  ['noise', '\0'.repeat(100)],
])('[RFC 3261 8.2.7] %s is not answered', (_name, text) => {
  expect(refuse(text)).toBeUndefined();
});

it('[RFC 3261 21.5.4] a sound request at a bad time is refused as it stands, an ACK never', () => {
  const refusal = { error: new Overloaded(1), peer, toTag: 'us' };
  expect(refuseSound(read(requestText()), refusal)).toMatchObject({ statusCode: 503 });
  expect(refuseSound(read(requestText({ method: 'ACK' })), refusal)).toBeUndefined();
});

function read(text: string): SipRequest {
  const message = parseMessage(Buffer.from(text));
  if (!isRequest(message)) throw new TypeError('expected a request');
  return message;
}

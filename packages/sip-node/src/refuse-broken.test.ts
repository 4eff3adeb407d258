import { VersionNotSupported } from '@wicgate/sip';
import { expect, it } from 'vitest';
import { refusalOf, salvageRequest } from './refuse-broken.ts';
import { requestText } from './testing/messages.ts';

const peer = { address: '192.0.2.1', port: 5_060, certificateNames: [], tlsSession: undefined };
const salvage = (text: string): ReturnType<typeof salvageRequest> => salvageRequest(Buffer.from(text, 'latin1'));
const refuse = (text: string) => {
  const request = salvage(text);
  return request && refusalOf(request, { error: new VersionNotSupported(), peer, toTag: 'us' });
};

it.each([
  ['another version', requestText().replace('SIP/2.0\r\n', 'SIP/7.0\r\n')],
  ['a broken Content-Length', requestText().replace('Content-Length: 0', 'Content-Length: -1')],
  ['a broken line', requestText().replace('Content-Length: 0', 'no header field')],
  ['a broken Request-URI', requestText().replace('sip:test@ims.example', 'nowhere')],
])('[RFC 3261 8.2.7] %s: what an answer copies is still found', (_name, text) => {
  const response = refuse(text);
  expect(response).toMatchObject({ statusCode: 505 });
  expect(response?.headers.first('Via')).toBe('SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKtest;received=192.0.2.1');
  expect(response?.headers.first('To')).toBe('<sip:bob@ims.example>;tag=us');
  expect(response?.headers.first('CSeq')).toBe('1 OPTIONS');
});

it.each([
  ['an ACK', requestText({ method: 'ACK' }).replace('SIP/2.0\r\n', 'SIP/7.0\r\n')],
  ['a response', 'SIP/7.0 200 OK\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nCSeq: 1 OPTIONS\r\n\r\n'],
  ['no Via', requestText().replace(/Via: .*\r\n/u, '')],
  ['a broken Via', requestText().replace('SIP/2.0/TCP', 'SIP')],
  ['two Call-IDs', requestText({ headers: ['Call-ID: 2'] })],
  ['no end', requestText().trimEnd()],
  ['noise', '\0'.repeat(100)],
  ['no UTF-8', requestText({ headers: ['Subject: \xff'] })],
])('[RFC 3261 8.2.7] %s is not answered', (_name, text) => {
  expect(refuse(text)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { Headers } from '../headers/headers.ts';
import { formatMessage } from './format-message.ts';
import { noBody, type SipMessage, type SipRequest } from './message.ts';

const request: SipRequest = { method: 'OPTIONS', requestUri: 'sip:a@b', headers: Headers.empty, body: noBody };
const response = { statusCode: 200, reasonPhrase: 'OK', headers: Headers.empty, body: noBody };
const text = (message: SipMessage): string | undefined => decodeUtf8(formatMessage(message));

describe('formatMessage', () => {
  it.each([
    ['adds it', Headers.of(['Subject', 'x']), 'Subject: x\r\nContent-Length: 3\r\n'],
    ['corrects it where it stands', Headers.of(['l', '7'], ['Subject', 'x']), 'Content-Length: 3\r\nSubject: x\r\n'],
    ['leaves a right one alone', Headers.of(['l', '3'], ['Subject', 'x']), 'l: 3\r\nSubject: x\r\n'],
    ['leaves one of several', Headers.of(['l', '3'], ['Content-Length', '4']), 'Content-Length: 3\r\n'],
  ])('[RFC 3261 20.14] sets Content-Length: %s', (_, headers, lines) => {
    expect(text({ ...request, headers, body: encodeUtf8('abc') })).toBe(`OPTIONS sip:a@b SIP/2.0\r\n${lines}\r\nabc`);
  });

  it('[RFC 3261 7.2] writes a status line', () => {
    expect(text({ ...response, reasonPhrase: 'Très bien' })).toBe('SIP/2.0 200 Très bien\r\nContent-Length: 0\r\n\r\n');
  });

  it.each([
    ['a line end in the Request-URI', { ...request, requestUri: 'sip:a@b\r\nVia: x' }],
    ['a space in the Request-URI', { ...request, requestUri: 'sip:a@b SIP/2.0 x' }],
    ['a space in the method', { ...request, method: 'A B' }],
    ['NUL in the method', { ...request, method: 'A\0' }],
    ['a line end in the reason phrase', { ...response, reasonPhrase: 'OK\r\nVia: x' }],
    ['an empty method', { ...request, method: '' }],
    ['a method that is no token', { ...request, method: 'A,B' }],
    ['an empty Request-URI', { ...request, requestUri: '' }],
    ['a line end in the method', { ...request, method: 'A\r\n' }],
    ['a status code of two digits', { ...response, statusCode: 99 }],
    ['a status code of five digits', { ...response, statusCode: 99_999 }],
    ['a status code that is no number', { ...response, statusCode: Number.NaN }],
    ['half a status code', { ...response, statusCode: 200.5 }],
    ['a line feed in the reason phrase', { ...response, reasonPhrase: 'OK\nVia: x' }],
  ])('[RFC 3261 7.1] refuses to write %s', (_, message) => {
    expect(() => formatMessage(message)).toThrow(TypeError);
  });
});

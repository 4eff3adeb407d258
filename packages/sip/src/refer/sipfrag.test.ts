import { expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { formatSipfrag, parseSipfrag } from './sipfrag.ts';

it.each([
  { source: 'RFC 3515 4.1', text: 'SIP/2.0 100 Trying', statusCode: 100, reasonPhrase: 'Trying' },
  {
    source: 'RFC 3420 2, header fields',
    text: 'SIP/2.0 603 Declined\r\nContact: <sip:a@b>\r\n',
    statusCode: 603,
    reasonPhrase: 'Declined',
  },
  { source: 'a line feed alone', text: 'SIP/2.0 200 OK\n', statusCode: 200, reasonPhrase: 'OK' },
  { source: 'no phrase', text: 'SIP/2.0 486\r\n', statusCode: 486, reasonPhrase: '' },
  { source: 'UTF-8', text: 'SIP/2.0 486 Besetzt – später\r\n', statusCode: 486, reasonPhrase: 'Besetzt – später' },
])('[RFC 3420 2] reads $source', ({ text, statusCode, reasonPhrase }) => {
  expect(parseSipfrag(encodeUtf8(text))).toEqual({ statusCode, reasonPhrase });
});

it.each([
  { fault: 'nothing', text: '' },
  { fault: 'a request line', text: 'INVITE sip:a@b SIP/2.0\r\n' },
  { fault: 'header fields alone', text: 'Contact: <sip:a@b>\r\n' },
  { fault: 'a status code of 700', text: 'SIP/2.0 700 X\r\n' },
  { fault: 'a control character', text: 'SIP/2.0 200 O\u0000K\r\n' },
  { fault: 'an endless line', text: `SIP/2.0 200 ${'x'.repeat(600)}` },
])('[RFC 3420 2] refuses $fault', ({ text }) => {
  expect(() => parseSipfrag(encodeUtf8(text))).toThrow(
    expect.objectContaining({ code: 'ERR_SIP_BODY_MALFORMED', message: 'body: expected a status line at offset 0' }),
  );
});

it('[RFC 3420 2] refuses what is no UTF-8', () => {
  const octets = encodeUtf8('SIP/2.0 200 O\r\n');
  expect(() => parseSipfrag(octets.with(12, 0x80))).toThrow(
    expect.objectContaining({ code: 'ERR_SIP_BODY_MALFORMED' }),
  );
});

it.each([
  { statusCode: 180, phrase: undefined, text: 'SIP/2.0 180 Ringing\r\n' },
  { statusCode: 486, phrase: 'Not now', text: 'SIP/2.0 486 Not now\r\n' },
  { statusCode: 486, phrase: 'a\r\nVia: b', text: 'SIP/2.0 486 Busy Here\r\n' },
])('[RFC 3515 2.4.5] writes $statusCode $phrase', ({ statusCode, phrase, text }) => {
  expect(decodeUtf8(formatSipfrag(statusCode, phrase))).toBe(text);
});

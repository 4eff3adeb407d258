import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { answerBroken } from './answer-broken.ts';
import { checkMessage } from './check-message.ts';
import { formatMessage } from './format-message.ts';
import type { SipResponse } from './message.ts';
import { parseMessage } from './parse-message.ts';

const via = 'Via: SIP/2.0/TCP a.example;branch=z9hG4bK1';
const lines = [
  'OPTIONS sip:b@example.com SIP/2.0',
  via,
  'v: SIP/2.0/UDP b.example;branch=z9hG4bK2',
  'Max-Forwards: 70',
  'From: <sip:a@example.com>;tag=1',
  'To: <sip:b@example.com>',
  'Call-ID: 1@a.example',
  'CSeq: 1 OPTIONS',
  'Content-Length: 0',
];

/** The request with some of its lines in another wording; '' takes one out. */
function broken(changes: Readonly<Record<string, string>>): Uint8Array {
  const changed = lines.map((line) => changes[line.split(/[: ]/u, 1)[0] ?? ''] ?? line);
  return encodeUtf8(`${changed.filter((line) => line !== '').join('\r\n')}\r\n\r\n`);
}

/** Why a message is refused. */
function faultOf(octets: Uint8Array): SipError {
  try {
    checkMessage(parseMessage(octets));
  } catch (error) {
    if (error instanceof SipError) return error;
    throw error;
  }
  throw new TypeError('expected a broken message');
}

const answer = (octets: Uint8Array): SipResponse | undefined => answerBroken(octets, faultOf(octets), { toTag: 'us' });

describe('answerBroken', () => {
  it.each([
    { fault: 'CSeq', changes: { CSeq: 'CSeq: one OPTIONS' }, phrase: '400 Malformed CSeq' },
    { fault: 'CSeq of another method', changes: { CSeq: 'CSeq: 1 INVITE' }, phrase: '400 Malformed CSeq' },
    { fault: 'Call-ID missing', changes: { 'Call-ID': '' }, phrase: '400 Missing Call-ID' },
    { fault: 'From missing', changes: { From: '' }, phrase: '400 Missing From' },
    { fault: 'To twice', changes: { To: 'To: <sip:b@c>\r\nt: <sip:b@d>' }, phrase: '400 Repeated To' },
    { fault: 'To', changes: { To: 'To: "secret <sip:b@c>' }, phrase: '400 Malformed To' },
    { fault: 'Max-Forwards', changes: { 'Max-Forwards': 'Max-Forwards: 300' }, phrase: '400 Malformed Max-Forwards' },
    {
      fault: 'Content-Length',
      changes: { 'Content-Length': 'Content-Length: -1' },
      phrase: '400 Malformed Content-Length',
    },
    {
      fault: 'a body that is too short',
      changes: { 'Content-Length': 'Content-Length: 9' },
      phrase: '400 Malformed Message, expected a body as long as Content-Length says',
    },
    {
      fault: 'a line without colon',
      changes: { 'Content-Length': 'secret' },
      phrase: "400 Malformed Message, expected ':' after a header field name",
    },
    {
      fault: 'RFC 4475 3.1.2.8, a space in the Request-URI',
      changes: { OPTIONS: 'OPTIONS sip:b@example.com; lr SIP/2.0' },
      phrase: '400 Malformed Message, expected SIP/2.0',
    },
    {
      fault: 'RFC 4475 3.1.2.7, brackets round the Request-URI',
      changes: { OPTIONS: 'OPTIONS <sip:b@example.com> SIP/2.0' },
      phrase: '400 Malformed Message, expected a URI',
    },
    {
      fault: 'RFC 4475 3.1.2.10, spaces at the end of the start line',
      changes: { OPTIONS: 'OPTIONS sip:b@example.com SIP/2.0  ' },
      phrase: '400 Malformed Message, expected SIP/2.0',
    },
    {
      fault: 'RFC 4475 3.1.2.16, another version',
      changes: { OPTIONS: 'OPTIONS sip:b@example.com SIP/7.0' },
      phrase: '505 Version Not Supported',
    },
    {
      fault: 'a header field that is too long',
      changes: { 'Content-Length': `Subject: ${'secret'.repeat(3_000)}` },
      phrase: '513 Message Too Large',
    },
  ])('[RFC 3261 21.4.1] says what is wrong: $fault', ({ changes, phrase }) => {
    const response = answer(broken(changes));
    expect(`${response?.statusCode} ${response?.reasonPhrase}`).toBe(phrase);
    expect(response?.headers.all('Via')).toEqual([
      'SIP/2.0/TCP a.example;branch=z9hG4bK1',
      'SIP/2.0/UDP b.example;branch=z9hG4bK2',
    ]);
    expect(response?.headers.count('CSeq')).toBe(1);
    expect(response?.headers.count('To')).toBe(1);
  });

  it('[RFC 3261 8.2.6.2] copies what there is and adds a tag', () => {
    const response = answer(broken({ CSeq: 'CSeq:\r\n one' }));
    expect(response?.headers.toString()).toBe(
      'Via: SIP/2.0/TCP a.example;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP b.example;branch=z9hG4bK2\r\n' +
        'From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>;tag=us\r\nCall-ID: 1@a.example\r\nCSeq: one\r\n',
    );
  });

  it('[RFC 3261 8.2.6.2] keeps a tag that is there, and leaves a To alone that cannot be read', () => {
    expect(answer(broken({ CSeq: 'CSeq: x', To: 'To: <sip:b>;tag=7' }))?.headers.first('To')).toBe('<sip:b>;tag=7');
    expect(answer(broken({ To: 'To: "b <sip:b>' }))?.headers.first('To')).toBe('"b <sip:b>');
  });

  it('[RFC 3261 7] answers a request that is no UTF-8', () => {
    const octets = broken({ 'Content-Length': 'Subject: xx' });
    octets[octets.length - 5] = 0xff;
    expect(answer(octets)?.reasonPhrase).toBe('Malformed Message, expected UTF-8');
  });

  it.each([
    ['an ACK', broken({ OPTIONS: 'ACK sip:b SIP/2.0', CSeq: 'CSeq: x' })],
    ['a response', broken({ OPTIONS: 'SIP/2.0 200 OK', CSeq: 'CSeq: x' })],
    ['no Via', encodeUtf8('OPTIONS sip:b SIP/2.0\r\nCSeq: 1 OPTIONS\r\n\r\n')],
    ['a Via that cannot be read', broken({ Via: 'Via: TCP a' })],
    ['no CSeq', broken({ CSeq: '' })],
    ['a line end in the only CSeq', broken({ CSeq: 'CSeq: 1\rOPTIONS' })],
    ['HTTP', encodeUtf8(`GET / HTTP/1.1\r\n${via}\r\nCSeq: 1 GET\r\n\r\n`)],
    ['noise', new Uint8Array(100)],
    ['nothing', new Uint8Array(0)],
    ['line ends', encodeUtf8('\r\n\r\n')],
  ])('[RFC 3261 8.2.7] does not answer %s', (_, octets) => {
    expect(answer(octets)).toBeUndefined();
  });

  it('[RFC 3261 16.3] copies no more Vias than there are hops, and all that it writes can be read', () => {
    const response = answer(broken({ Via: Array(200).fill(via).join('\r\n'), CSeq: 'CSeq: x' }));
    expect(response?.headers.count('Via')).toBe(70);
    if (response !== undefined) expect(() => parseMessage(formatMessage(response))).not.toThrow();
  });
});

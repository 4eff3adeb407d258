import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { checkMessage } from './check-message.ts';
import { parseMessage } from './parse-message.ts';

const lines: Readonly<Record<string, string>> = {
  'Via': 'SIP/2.0/TCP a;branch=z9hG4bK1',
  'From': '<sip:a@b>;tag=1',
  'To': '<sip:c@d>',
  'Call-ID': 'x',
  'CSeq': '1 OPTIONS',
  'Max-Forwards': '70',
};

/** An OPTIONS with some lines in another wording; undefined takes the line out. */
function check(changes: Readonly<Record<string, string | undefined>>, startLine = 'OPTIONS sip:c@d SIP/2.0'): void {
  const head = Object.entries({ ...lines, ...changes }).filter(([, value]) => value !== undefined);
  const text = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  checkMessage(parseMessage(encodeUtf8(`${startLine}\r\n${text}\r\n`)));
}

describe('checkMessage', () => {
  it.each([
    { source: 'RFC 3261 8.1.1', changes: {} },
    { source: 'RFC 3261 16.3 step 3, no Max-Forwards', changes: { 'Max-Forwards': undefined } },
    { source: 'RFC 3261 12.1.1, no From tag of an old peer', changes: { 'From': '<sip:a@b>', 'Via': 'SIP/2.0/UDP a' } },
    { source: 'RFC 3261 25.1, an old branch', changes: { 'Via': 'SIP/2.0/UDP a;branch=1' } },
    { source: 'RFC 3261 7.3.1, two Via in a line', changes: { 'Via': 'SIP/2.0/TCP a, SIP/2.0/TCP b' } },
  ])('[RFC 3261 8.1.1] lets through $source', ({ changes }) => {
    expect(() => check(changes)).not.toThrow();
  });

  it('[RFC 3261 8.1.3] lets through a response, whatever method its CSeq names', () => {
    expect(() => check({ CSeq: '1 INVITE' }, 'SIP/2.0 200 OK')).not.toThrow();
  });

  it('[RFC 3261 19.1.1] lets no Request-URI through with header fields; one that is too long is for a 414', () => {
    const malformed = expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', header: 'Request-URI' });
    expect(() => check({}, 'OPTIONS sip:c@d?Subject=x SIP/2.0')).toThrow(malformed);
    expect(() => check({}, `OPTIONS sip:c@d?Subject=${'x'.repeat(2_048)} SIP/2.0`)).not.toThrow();
  });

  it.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('[RFC 3261 8.1.1] misses %s', (header) => {
    expect(() => check({ [header]: undefined })).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MISSING',
        header,
        message: `${header}: expected this header field`,
      }),
    );
  });

  it.each([
    ['From', 'f', '<sip:a@b>;tag=2'],
    ['To', 't', '<sip:a@b>'],
    ['Call-ID', 'i', 'y'],
    ['CSeq', 'CSEQ', '1 OPTIONS'],
    ['Max-Forwards', 'max-forwards', '1'],
    ['Content-Type', 'c', 'a/b'],
    ['Expires', 'EXPIRES', '1'],
  ])('[RFC 3261 7.3.1] refuses a second %s', (header, name, value) => {
    expect(() => check({ [header]: lines[header] ?? value, [name]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MISSING', header }),
    );
  });

  it.each([
    ['Via', 'SIP/2.0/TCP'],
    ['From', '<sip:a@b'],
    ['From', '<sip:a@b>'],
    ['To', 'nobody'],
    ['Call-ID', ''],
    ['CSeq', 'OPTIONS'],
    ['CSeq', '1 INVITE'],
    ['CSeq', '1 options'],
    ['Max-Forwards', '256'],
    ['Max-Forwards', '-1'],
    ['Max-Forwards', 'many'],
  ])('[RFC 3261 8.1.1] refuses a broken %s: %s', (header, value) => {
    expect(() => check({ [header]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', statusCode: 400, header }),
    );
  });

  it('[RFC 3261 7.3.1] refuses a Via that is empty, also above a good one', () => {
    expect(() => check({ Via: '' })).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MISSING' }));
  });
});

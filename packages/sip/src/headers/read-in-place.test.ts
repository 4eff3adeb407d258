import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { encodeUtf8 } from '../grammar/utf8.ts';
import { parseMessage } from '../messages/parse-message.ts';
import { exampleOctets, invitationExamples } from '../testing/rfc3261-examples.ts';
import { parseCSeq, readCSeq } from './cseq.ts';
import { Headers } from './headers.ts';
import { parseNameAddr, readNameAddr } from './name-addr.ts';
import { parseVia, readVia } from './via.ts';

const values = [
  '"J \\" Rosenberg" <sip:a@b;lr>;tag=1;x="a,;b"',
  'sip:a@b;tag=2',
  'A <sip:a@b> ; TAG = x',
  '<sip:a@b>, <sip:c@d>',
  ' , <sip:a@b>;lr,',
  'SIP/2.0/TCP a.example:5060;branch=z9hG4bK1;rport',
  'SIP / 2.0 / UDP [2001:db8::1]:5060 ;maddr=[::1];received=2001:db8::9, SIP/2.0/TCP b',
  '1 INVITE',
  '0009\t INVITE',
  '',
];

const readers = [
  {
    name: 'From',
    read: (headers: Headers) => readNameAddr(headers, 'From'),
    parse: (text: string) => parseNameAddr(text, 'From'),
  },
  {
    name: 'Route',
    read: (headers: Headers) => readNameAddr(headers, 'Route'),
    parse: (text: string) => parseNameAddr(text, 'Route'),
  },
  { name: 'Via', read: (headers: Headers) => readVia(headers), parse: (text: string) => parseVia(text) },
  { name: 'CSeq', read: (headers: Headers) => readCSeq(headers), parse: (text: string) => parseCSeq(text) },
] as const;

/** What comes of it: the value, or the code and the offset of the error. */
function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return [error.code, error.message];
  }
}

describe.each(readers)('$name, read in place', ({ name, read, parse }) => {
  it('[RFC 3261 7.3.1] is as it is when it is cut out and parsed', () => {
    const mutant = fc
      .tuple(
        fc.constantFrom(...values),
        fc.nat(60),
        fc.constantFrom('', '"', '<', '>', ';', ',', '\r\n ', ' ', 'A', 'é'),
      )
      .map(([value, at, text]) => value.slice(0, at) + text + value.slice(at));
    const before = fc.constantFrom('', `${name}: \r\n`, 'Subject: <,">;:\r\n');
    fc.assert(
      fc.property(mutant, before, (value, lines) => {
        const text = `ACK sip:a SIP/2.0\r\n${lines}${name}: ${value}\r\nSubject: ,;>"\r\n\r\n`;
        const { headers } = parseMessage(encodeUtf8(text));
        const first = headers.first(name);
        if (first === undefined) return;
        const expected = outcome(() => parse(first));
        expect(outcome(() => read(headers))).toEqual(expected);
        expect(outcome(() => read(Headers.of([name, first])))).toEqual(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('[RFC 3261 8.1.1] is missed where it is not', () => {
    expect(() => read(Headers.of(['Subject', 'x'], [name === 'Route' ? name : 'Path', '']))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MISSING', header: name, found: 0 }),
    );
  });
});

describe('reading in place', () => {
  it('[RFC 3261 24.2] reads the examples', () => {
    for (const example of invitationExamples) {
      const { headers } = parseMessage(exampleOctets(example));
      expect(readVia(headers)).toEqual(parseVia(headers.first('Via') ?? ''));
      expect(readNameAddr(headers, 'To')).toEqual(parseNameAddr(headers.first('To') ?? ''));
    }
  });

  it('[RFC 3261 7.3.1] gives a single header field, and refuses several', () => {
    const headers = Headers.of(['Expires', '1'], ['s', 'a'], ['Subject', 'b']);
    expect(headers.single('Expires')).toBe('1');
    expect(headers.single('Date')).toBeUndefined();
    expect(() => headers.single('Subject')).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MISSING', header: 'Subject', found: 2 }),
    );
  });
});

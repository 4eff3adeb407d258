import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { type Example, exampleOctets, invitationExamples, registrationExamples } from '../testing/rfc3261-examples.ts';
import { checkMessage } from './check-message.ts';
import { formatMessage } from './format-message.ts';
import { isRequest, type SipMessage, type SipRequest } from './message.ts';
import { parseMessage } from './parse-message.ts';

const examples: readonly Example[] = [...registrationExamples, ...invitationExamples];
const ok = 'OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\n';

const parse = (text: string): SipMessage => parseMessage(encodeUtf8(text));

describe('parseMessage', () => {
  it.each(examples)('[$source] comes back octet for octet', (example) => {
    const octets = exampleOctets(example);
    const message = parseMessage(octets);
    checkMessage(message);
    expect(formatMessage(message)).toEqual(octets);
  });

  it('[RFC 3261 24.2 F9] has its parts', () => {
    const octets = exampleOctets(invitationExamples[8] ?? { source: '', lines: [] });
    const message = parseMessage(octets);
    expect(message).toMatchObject({ statusCode: 200, reasonPhrase: 'OK' });
    expect(message.headers.all('Via')).toHaveLength(3);
    expect(message.headers.first('m')).toBe('<sip:bob@192.0.2.4>');
    expect(message.body).toHaveLength(131);
  });

  it('[RFC 3261 7.3.1] keeps spelling, spaces, folds, compact forms and unknown header fields', () => {
    const head = `${ok}v:SIP/2.0/UDP  b ;branch=1\r\nsUBJECT :  a\r\n \t b \r\n\tc\r\nX-Ünknown`.replace('Ü', 'U');
    const text = `${head}~!: "日本",  <;,\r\nl:0\r\nEmpty:\r\n\r\n`;
    const message = parse(text);
    expect(decodeUtf8(formatMessage(message))).toBe(text);
    expect(message.headers.first('Subject')).toBe('a b c');
    expect(message.headers.first('x-unknown~!')).toBe('"日本",  <;,');
    expect(message.headers.first('Empty')).toBe('');
    expect(message.headers.all('Via')).toEqual(['SIP/2.0/TCP a;branch=z9hG4bK1', 'SIP/2.0/UDP  b ;branch=1']);
  });

  it.each(['constructor', '__proto__', 'prototype', 'toString'])('[RFC 3261 7.3.1] takes %s for any name', (name) => {
    const message = parse(`${ok}${name}: x\r\n\r\n`);
    expect(message.headers.first(name)).toBe('x');
    expect([...message.headers].every(({ key }) => typeof key === 'string')).toBe(true);
  });

  it('[RFC 3261 7.4] takes any octets for a body', () => {
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    const head = encodeUtf8(`${ok}Content-Length: 256\r\n\r\n`);
    const message = parseMessage(Uint8Array.of(...head, ...body));
    expect(message.body).toEqual(body);
    expect(formatMessage(message)).toEqual(Uint8Array.of(...head, ...body));
  });

  it.each([
    {
      rule: 'RFC 3261 18.3, octets after Content-Length are left out',
      tail: 'Content-Length: 3\r\n\r\nabcdef',
      body: 'abc',
    },
    { rule: 'RFC 3261 18.3, no Content-Length takes all', tail: '\r\nabc', body: 'abc' },
    { rule: 'RFC 3261 20.14, zero', tail: 'l: 0\r\n\r\n', body: '' },
    { rule: 'RFC 3261 20.14, a fold before the number', tail: 'Content-Length:\r\n  2\r\n\r\nab', body: 'ab' },
    { rule: 'RFC 3261 7.5, line ends may begin the body', tail: 'l: 4\r\n\r\n\r\n\r\n', body: '\r\n\r\n' },
  ])('[RFC 3261 18.3] $rule', ({ tail, body }) => {
    expect(decodeUtf8(parse(ok + tail).body)).toBe(body);
  });

  it.each([
    {
      source: 'RFC 3261 7.5, empty lines before the start line',
      text: `\r\n\r\n${ok}\r\n`,
      expected: { method: 'OPTIONS' },
    },
    { source: 'RFC 3261 7.1, any method', text: 'foo.bar sip:a SIP/2.0\r\n\r\n', expected: { method: 'foo.bar' } },
    {
      source: 'RFC 3261 7.1, methods keep their case',
      text: 'invite sip:a SIP/2.0\r\n\r\n',
      expected: { method: 'invite' },
    },
    { source: 'RFC 3261 7.1, the version has no case', text: 'ACK sip:a sip/2.0\r\n\r\n', expected: { method: 'ACK' } },
    {
      source: 'RFC 3261 25.1, any scheme',
      text: 'OPTIONS nobodyKnowsThisScheme:totallyopaque SIP/2.0\r\n\r\n',
      expected: { requestUri: 'nobodyKnowsThisScheme:totallyopaque' },
    },
    {
      source: 'RFC 4475 3.1.1.12, a reason phrase in UTF-8',
      text: 'SIP/2.0 200 = 2**3 * 5**2 но сто\r\n\r\n',
      expected: { reasonPhrase: '= 2**3 * 5**2 но сто' },
    },
    {
      source: 'RFC 4475 3.1.1.13, an empty reason phrase',
      text: 'SIP/2.0 100 \r\n\r\n',
      expected: { statusCode: 100, reasonPhrase: '' },
    },
    {
      source: 'no space before an empty reason phrase',
      text: 'sip/2.0 699\r\n\r\n',
      expected: { statusCode: 699, reasonPhrase: '' },
    },
  ])('[RFC 3261 7] reads $source', ({ text, expected }) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each([
    { fault: 'nothing', text: '', code: 'MESSAGE_MALFORMED' },
    { fault: 'only line ends', text: '\r\n\r\n\r\n', code: 'MESSAGE_MALFORMED' },
    { fault: 'no empty line', text: ok, code: 'MESSAGE_MALFORMED' },
    { fault: 'bare line feeds', text: ok.replaceAll('\r', '').concat('\n'), code: 'MESSAGE_MALFORMED' },
    {
      fault: 'a fold without a header field before it',
      text: 'ACK sip:a SIP/2.0\r\n Via: x\r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    { fault: 'no colon', text: `${ok}Subject\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    { fault: 'no name', text: `${ok}: x\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    { fault: 'a space in a name', text: `${ok}Sub ject: x\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    { fault: 'a letter beyond ASCII in a name', text: `${ok}Sübject: x\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    { fault: 'a bare line feed in a value', text: `${ok}Subject: a\nVia: b\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    { fault: 'a bare carriage return in a value', text: `${ok}Subject: a\rb\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    { fault: 'NUL in a value', text: `${ok}Subject: a\0b\r\n\r\n`, code: 'MESSAGE_MALFORMED' },
    {
      fault: 'a bare line feed in the reason phrase',
      text: 'SIP/2.0 200 OK\nVia: x\r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    { fault: 'NUL in the Request-URI', text: 'ACK sip:a\0 SIP/2.0\r\n\r\n', code: 'MESSAGE_MALFORMED' },
    {
      fault: 'RFC 4475 3.1.2.7, brackets round the Request-URI',
      text: 'INVITE <sip:user@example.com> SIP/2.0\r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    {
      fault: 'RFC 4475 3.1.2.8, a space in the Request-URI',
      text: 'INVITE sip:user@example.com; lr SIP/2.0\r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    {
      fault: 'RFC 4475 3.1.2.9, two spaces',
      text: 'INVITE  sip:user@example.com  SIP/2.0\r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    {
      fault: 'RFC 4475 3.1.2.10, a space at the end',
      text: 'OPTIONS sip:a@b SIP/2.0  \r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    {
      fault: 'RFC 4475 3.1.2.16, another version',
      text: 'OPTIONS sip:a@b SIP/7.0\r\n\r\n',
      code: 'VERSION_NOT_SUPPORTED',
    },
    {
      fault: 'RFC 4475 3.1.2.19, a status code too high',
      text: 'SIP/2.0 4294967301 better\r\n\r\n',
      code: 'MESSAGE_MALFORMED',
    },
    { fault: 'a status code of 700', text: 'SIP/2.0 700 x\r\n\r\n', code: 'MESSAGE_MALFORMED' },
    { fault: 'another version in a status line', text: 'SIP/3.0 200 OK\r\n\r\n', code: 'VERSION_NOT_SUPPORTED' },
    { fault: 'HTTP', text: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', code: 'MESSAGE_MALFORMED' },
    { fault: 'no version', text: 'OPTIONS sip:a@b\r\n\r\n', code: 'MESSAGE_MALFORMED' },
    { fault: 'a method that is no token', text: 'OP"TIONS sip:a@b SIP/2.0\r\n\r\n', code: 'MESSAGE_MALFORMED' },
    {
      fault: 'RFC 4475 3.1.2.2, a Content-Length too high',
      text: `${ok}l: 9999\r\n\r\nabc`,
      code: 'MESSAGE_MALFORMED',
    },
    {
      fault: 'RFC 4475 3.1.2.3, a negative Content-Length',
      text: `${ok}Content-Length: -999\r\n\r\nabc`,
      code: 'HEADER_MALFORMED',
    },
    { fault: 'a Content-Length beyond 2^32', text: `${ok}l: 99999999999999\r\n\r\n`, code: 'HEADER_MALFORMED' },
    { fault: 'two Content-Length', text: `${ok}l: 0\r\nContent-Length: 3\r\n\r\nabc`, code: 'HEADER_MISSING' },
  ])('[RFC 3261 7] refuses $fault', ({ text, code }) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: `ERR_SIP_${code}` }));
  });

  it('[RFC 3261 7] refuses a head that is no UTF-8', () => {
    const octets = encodeUtf8(`${ok}Subject: xx\r\n\r\n`);
    octets[octets.length - 5] = 0xff;
    expect(() => parseMessage(octets)).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_MALFORMED' }));
  });

  it.each([
    { what: 'octets', limits: { messageOctets: 100 }, text: `${ok}\r\n${'x'.repeat(100)}` },
    { what: 'header fields', limits: { headerFields: 3 }, text: `${ok}${'A: b\r\n'.repeat(3)}\r\n` },
    {
      what: 'characters in a header field',
      limits: { headerFieldCharacters: 40 },
      text: `${ok}A: ${'b'.repeat(40)}\r\n\r\n`,
    },
    {
      what: 'characters in a header field',
      limits: { headerFieldCharacters: 40 },
      text: `${ok}A: b${'\r\n b'.repeat(20)}\r\n\r\n`,
    },
  ])('[RFC 3261 21.5.7] bounds the $what', ({ what, limits, text }) => {
    const all = { messageOctets: 65_536, headerFields: 200, headerFieldCharacters: 16_384, ...limits };
    expect(() => parseMessage(encodeUtf8(text), all)).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_MESSAGE_TOO_LARGE',
        statusCode: 513,
        message: expect.stringContaining(what),
      }),
    );
    expect(() => parse(text)).not.toThrow();
  });
});

const originals = examples.map(exampleOctets);
const pieces = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc
    .constantFrom(
      '\r\n',
      '\r',
      '\n',
      ' ',
      '\t',
      ':',
      ';',
      ',',
      '"',
      '<',
      '>',
      '\\',
      '\0',
      '%',
      'é',
      '\r\n ',
      'l: 1\r\n',
    )
    .map(encodeUtf8),
);

/** One to four cuts: some octets out, some others in. */
const mutants = fc
  .tuple(fc.constantFrom(...originals), fc.array(fc.tuple(fc.nat(), fc.nat(6), pieces), { minLength: 1, maxLength: 4 }))
  .map(([original, cuts]) => {
    let octets = original;
    for (const [seed, out, piece] of cuts) {
      const at = seed % octets.length;
      octets = Uint8Array.of(...octets.subarray(0, at), ...piece, ...octets.subarray(at + out));
    }
    return octets;
  });

describe('mutated messages', () => {
  it('[RFC 3261 7] are refused with a SipError, or stay as they were written', () => {
    fc.assert(
      fc.property(mutants, (octets) => {
        const message = tryOr(() => parseMessage(octets));
        if (message === undefined) return;
        tryOr(() => checkMessage(message));
        const written = formatMessage(message);
        expect(formatMessage(parseMessage(written))).toEqual(written);
      }),
      { numRuns: 20_000 },
    );
  }, 120_000);

  it('[RFC 3261 7] change none of the other header fields', () => {
    const unknown = fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => text.replaceAll(/[\r\n\0]/gu, ''));
    fc.assert(
      fc.property(unknown, (value) => {
        const octets = encodeUtf8(`${ok}X-Any:${value}\r\nContent-Length: 0\r\n\r\n`);
        const message = parseMessage(octets) as SipRequest;
        expect(isRequest(message)).toBe(true);
        const changed = { ...message, headers: message.headers.prepend('Via', 'SIP/2.0/TCP p').withoutFirst('Via') };
        expect(formatMessage(changed)).toEqual(octets);
      }),
    );
  });
});

function tryOr<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { decodeUtf8, encodeUtf8 } from '../grammar/utf8.ts';
import { Headers } from '../headers/headers.ts';
import { findBody } from './find-body.ts';
import { formatMultipart, isMultipart, parseMultipart } from './multipart.ts';

const octets = (...lines: readonly string[]): Uint8Array => encodeUtf8(lines.join('\r\n'));
const type = 'multipart/mixed;boundary=xx';
const sdp = [
  '--xx',
  'Content-Type: application/sdp',
  'Content-Disposition: session;',
  ' handling=required',
  '',
  'v=0',
  '',
];
const binary = ['--xx', 'Content-Type: application/isup; version=nxv3', '', '\u0000\u0001', '--xx--', ''];

describe('parseMultipart', () => {
  it('[RFC 2046 5.1] cuts out the parts; the line end before a boundary is none of theirs', () => {
    const parts = parseMultipart(octets(...sdp, ...binary), type);
    expect(parts.map(({ body }) => decodeUtf8(body))).toEqual(['v=0\r\n', '\u0000\u0001']);
    expect(parts[0]?.headers.first('Content-Disposition')).toBe('session; handling=required');
    expect(parts[1]?.headers.first('Content-Type')).toBe('application/isup; version=nxv3');
  });

  it.each([
    ['a preamble and an epilogue', octets('Ignore me', '--xx', '', 'a', '--xx--', 'and me', '--xx', ''), ['a']],
    ['white space after the boundary', octets('--xx  ', '', 'a', '--xx-- '), ['a']],
    ['a longer boundary in a part', octets('--xx', '', '--xxy', '--xx--'), ['--xxy']],
    ['an empty part', octets('--xx', '', '', '--xx--'), ['']],
    ['a boundary within a line', octets('--xx', '', 'a --xx', '--xx--'), ['a --xx']],
    ['header fields without a body', octets('--xx', 'a: b', '', '--xx--'), ['']],
    ['no part', octets('--xx--'), []],
  ])('[RFC 2046 5.1.1] reads %s', (_, body, expected) => {
    expect(parseMultipart(body, type).map((part) => decodeUtf8(part.body))).toEqual(expected);
  });

  it.each([
    ['no boundary in the body', octets('a', 'b'), type, 'the boundary that Content-Type names at offset 0'],
    ['an open body', octets('--xx', '', 'a', ''), type, 'the closing boundary at offset 11'],
    [
      'a part without an empty line',
      octets('--xx', 'a: b', '--xx--'),
      type,
      'an empty line after the header fields of a part at offset 6',
    ],
    [
      'a header field without a name',
      octets('--xx', ': b', '', '', '--xx--'),
      type,
      'a header field of a part at offset 6',
    ],
    [
      'no boundary named',
      octets('--xx--'),
      'multipart/mixed',
      'a multipart Content-Type with a boundary of 1 to 70 characters at offset 0',
    ],
    [
      'a long boundary',
      octets('--xx--'),
      `multipart/mixed;boundary=${'x'.repeat(71)}`,
      'a multipart Content-Type with a boundary of 1 to 70 characters at offset 0',
    ],
    [
      'another type',
      octets('--xx--'),
      'application/sdp;boundary=xx',
      'a multipart Content-Type with a boundary of 1 to 70 characters at offset 0',
    ],
  ])('[RFC 2046 5.1.1] refuses %s', (_, body, contentType, expected) => {
    expect(() => parseMultipart(body, contentType)).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_BODY_MALFORMED', message: `body: expected ${expected}` }),
    );
  });

  it('[RFC 5621 3] bounds parts and their header fields', () => {
    const tooLarge = expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' });
    const parts = Array.from({ length: 33 }, () => ['--xx', '', '']).flat();
    expect(() => parseMultipart(octets(...parts, '--xx--'), type)).toThrow(tooLarge);
    const fields = Array.from({ length: 33 }, (_, index) => `a${index}: b`);
    expect(() => parseMultipart(octets('--xx', ...fields, '', '', '--xx--'), type)).toThrow(tooLarge);
  });

  it('[RFC 2046 5.1] survives mutation: a SipError, or parts that come back as they were', () => {
    const whole = [...octets(...sdp, ...binary)];
    const mutant = fc.tuple(fc.nat(whole.length - 1), fc.array(fc.nat(255), { maxLength: 4 }), fc.nat(4));
    fc.assert(
      fc.property(mutant, ([at, noise, cut]) => {
        const parts = tryOr(() => parseMultipart(new Uint8Array(whole.toSpliced(at, cut, ...noise)), type));
        if (parts === undefined) return;
        const again = parseMultipart(formatMultipart(parts, 'yy'), 'multipart/mixed;boundary=yy');
        expect(again.map(({ body }) => [...body])).toEqual(parts.map(({ body }) => [...body]));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('formatMultipart', () => {
  it.each(['', ' ', 'a ', 'a"b', 'x'.repeat(71), 'a\r\n'])('[RFC 2046 5.1.1] takes no boundary %j', (boundary) => {
    expect(() => formatMultipart([], boundary)).toThrow(TypeError);
  });

  it('[RFC 2046 5.1] takes no boundary that a part holds', () => {
    const part = { headers: Headers.of(['Content-Type', 'text/plain']), body: octets('a', '--xx', '') };
    expect(() => formatMultipart([part], 'xx')).toThrow(TypeError);
  });
});

describe('findBody', () => {
  const message = (contentType: string, body: Uint8Array) => ({
    headers: Headers.of(['Content-Type', contentType]),
    body,
  });

  it('[RFC 5621 3] finds the body itself, or a part at any depth', () => {
    expect(findBody(message('Application/SDP', octets('v=0')), 'application/sdp')?.body).toEqual(octets('v=0'));
    const inner = octets(...sdp, ...binary);
    const outer = formatMultipart([message(type, inner)], 'yy');
    const found = findBody(message('multipart/mixed;boundary=yy', outer), 'application/sdp');
    expect(decodeUtf8(found?.body ?? new Uint8Array(0))).toBe('v=0\r\n');
  });

  it('[RFC 2046 5.1.4] takes the last of several alternatives', () => {
    const parts = ['one', 'two'].map((text) => message('text/plain', encodeUtf8(text)));
    const found = findBody(message('multipart/alternative;boundary=yy', formatMultipart(parts, 'yy')), 'text/plain');
    expect(found?.body).toEqual(encodeUtf8('two'));
  });

  it('[RFC 5621 3] finds nothing of another type, or without a type', () => {
    expect(findBody(message('text/plain', octets('v=0')), 'application/sdp')).toBeUndefined();
    expect(findBody({ headers: Headers.empty, body: octets('v=0') }, 'application/sdp')).toBeUndefined();
    expect(isMultipart(undefined)).toBe(false);
  });

  it('[RFC 5621 3] bounds bodies within bodies', () => {
    let body = octets('v=0');
    let contentType = 'application/sdp';
    for (let depth = 0; depth < 5; depth += 1) {
      body = formatMultipart([message(contentType, body)], `b${depth}`);
      contentType = `multipart/mixed;boundary=b${depth}`;
    }
    expect(() => findBody(message(contentType, body), 'application/sdp')).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }),
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

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { formatNameAddr, parseNameAddr } from './name-addr.ts';

const wellFormed = [
  {
    source: 'RFC 3261 20.10, first example',
    value: '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600',
    displayName: 'Mr. Watson',
    uri: 'sip:watson@worcester.bell-telephone.com',
    params: [
      ['q', '0.7'],
      ['expires', '3600'],
    ],
    canonical: '"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7;expires=3600',
  },
  {
    source: 'RFC 3261 20.20, without brackets',
    value: 'sip:+12125551212@server.phone2net.com;tag=887s',
    displayName: undefined,
    uri: 'sip:+12125551212@server.phone2net.com',
    params: [['tag', '887s']],
    canonical: '<sip:+12125551212@server.phone2net.com>;tag=887s',
  },
  {
    source: 'RFC 3261 20.20, a name without quotes',
    value: 'Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8',
    displayName: 'Anonymous',
    uri: 'sip:c8oqz84zk7z@privacy.org',
    params: [['tag', 'hyh8']],
    canonical: '"Anonymous" <sip:c8oqz84zk7z@privacy.org>;tag=hyh8',
  },
  {
    source: 'RFC 4475 3.1.1.1, escapes and spaces',
    value: '"J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\t ;\ttag = 98asjd8',
    displayName: 'J Rosenberg \\"',
    uri: 'sip:jdrosen@example.com',
    params: [['tag', '98asjd8']],
    canonical: String.raw`"J Rosenberg \\\"" <sip:jdrosen@example.com>;tag=98asjd8`,
  },
  {
    source: 'RFC 4475 3.1.1.6, no space before the bracket',
    value: 'caller<sip:caller@example.com>;tag=323',
    displayName: 'caller',
    uri: 'sip:caller@example.com',
    params: [['tag', '323']],
    canonical: '"caller" <sip:caller@example.com>;tag=323',
  },
  {
    source: 'RFC 3261 20.34, URI parameters stay in brackets',
    value: '<sip:bigbox3.site3.atlanta.com;lr>',
    displayName: undefined,
    uri: 'sip:bigbox3.site3.atlanta.com;lr',
    params: [],
    canonical: '<sip:bigbox3.site3.atlanta.com;lr>',
  },
  {
    source: 'brackets in a quoted parameter',
    value: 'sip:a@b;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"',
    displayName: undefined,
    uri: 'sip:a@b',
    params: [['+sip.instance', '"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"']],
    canonical: '<sip:a@b>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"',
  },
  {
    source: 'UTF-8 in a name',
    value: '"Jörg <Müller>" <sip:joerg@example.com>',
    displayName: 'Jörg <Müller>',
    uri: 'sip:joerg@example.com',
    params: [],
    canonical: '"Jörg <Müller>" <sip:joerg@example.com>',
  },
];

const malformed = [
  {
    fault: 'RFC 4475 3.1.2.6, an open quote',
    value: '"Mr. J. User <sip:j.user@example.com>',
    at: 0,
    expected: 'closing quote',
  },
  {
    fault: 'RFC 4475 3.1.2.13, no brackets around a question mark',
    value: 'sip:user@example.com?Route=%3Csip:x%3E',
    at: 0,
    expected: 'URI',
  },
  { fault: 'an open bracket', value: '<sip:a@b', at: 8, expected: "'>'" },
  { fault: 'a name without URI', value: '"Bob"', at: 5, expected: "'<'" },
  { fault: 'a bracket only in a parameter of a named URI', value: '"Bob" sip:a@b;x="<"', at: 5, expected: "'<'" },
  { fault: 'no scheme', value: '<alice>', at: 1, expected: 'URI' },
  { fault: 'an empty URI', value: '<>', at: 1, expected: 'URI' },
  { fault: 'a space in the URI', value: '<sip:a b@c>', at: 1, expected: 'URI' },
  {
    fault: 'an open quote in a parameter',
    value: 'Alexander Bell <sip:a.g.bell@example.com>;tag="',
    at: 46,
    expected: 'closing quote',
  },
  { fault: 'a second value', value: '<sip:a@b>, <sip:c@d>', at: 9, expected: 'end of value' },
  { fault: 'a tag twice', value: '<sip:a@b>;tag=1;tag=2', at: 16, expected: 'each parameter once' },
  { fault: 'a quote in the middle of a name', value: 'A "B" <sip:a@b>', at: 0, expected: 'display name' },
  { fault: 'RFC 4475 3.1.2.15, a comma in a name', value: 'A, B <sip:a@b>', at: 0, expected: 'display name' },
  { fault: 'the star of a Contact', value: '*', at: 0, expected: 'URI' },
  { fault: 'nothing', value: '', at: 0, expected: 'URI' },
];

describe('name-addr', () => {
  it.each(wellFormed)(
    '[RFC 3261 20.10] reads and rewrites $source',
    ({ value, displayName, uri, params, canonical }) => {
      const read = parseNameAddr(value);
      expect({ ...read, params: [...read.params] }).toEqual({ displayName, uri, params });
      expect(formatNameAddr(read)).toBe(canonical);
    },
  );

  it.each(malformed)('[RFC 3261 20.10] refuses $fault', ({ value, at, expected }) => {
    expect(() => parseNameAddr(value, 'To')).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MALFORMED',
        message: `To: expected ${expected} at offset ${at}`,
      }),
    );
  });

  it.each(['sip:a>;tag=evil', 'sip:a b', 'no-scheme', 'sip:a\r\nVia: x', ''])(
    '[RFC 3261 20.10] does not write as URI: %j',
    (uri) => {
      expect(() => formatNameAddr({ displayName: undefined, uri, params: new Map() })).toThrow(TypeError);
    },
  );

  it('[RFC 3261 20.10] survives mutation: a SipError, or a text that stays as it was written', () => {
    const noise = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('"', '<', '>', ';', ',', '\\', ' ', ':'));
    const mutant = fc
      .tuple(fc.constantFrom(...wellFormed), fc.nat(80), noise)
      .map(([{ value }, at, text]) => value.slice(0, at) + text + value.slice(at + 1));
    fc.assert(
      fc.property(mutant, (value) => {
        const written = rewrite(value);
        if (written !== undefined) expect(rewrite(written)).toBe(written);
      }),
      { numRuns: 2_000 },
    );
  });
});

function rewrite(value: string): string | undefined {
  try {
    return formatNameAddr(parseNameAddr(value));
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

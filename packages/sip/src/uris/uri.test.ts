import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SipError } from '../errors.ts';
import { canonicalImpu, formatUri, parseUri } from './uri.ts';

/** Each comes back as it was written, but for the case of scheme and host. */
const wellFormed = [
  { source: 'RFC 3261 19.1.3', text: 'sip:alice@atlanta.com' },
  { source: 'RFC 3261 19.1.3, password and parameter', text: 'sip:alice:secretword@atlanta.com;transport=tcp' },
  { source: 'RFC 3261 19.1.3, header fields', text: 'sips:alice@atlanta.com?subject=project%20x&priority=urgent' },
  { source: 'RFC 3261 19.1.3, telephone number', text: 'sip:+1-212-555-1212:1234@gateway.com;user=phone' },
  { source: 'RFC 3261 19.1.3, sips', text: 'sips:1212@gateway.com' },
  { source: 'RFC 3261 19.1.3, IPv4', text: 'sip:alice@192.0.2.4' },
  { source: 'RFC 3261 19.1.3, no user', text: 'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com' },
  { source: 'RFC 3261 19.1.3, a semicolon in the user', text: 'sip:alice;day=tuesday@atlanta.com' },
  { source: 'RFC 4475 3.1.1.3, escapes', text: 'sip:sips%3Auser%40example.com@example.net' },
  { source: 'RFC 4475 3.1.1.4, parameters in the user', text: 'sip:user;par=u%40example.net@example.com' },
  { source: 'RFC 3261 25.1, a question mark in the user', text: 'sip:alice?x=y@example.com?a=b' },
  { source: 'RFC 5118 4.1, IPv6 with port', text: 'sip:user@[2001:db8::10]:5070' },
  { source: 'RFC 3966 6, global number', text: 'tel:+1-201-555-0123' },
  { source: 'RFC 3966 6, local number', text: 'tel:7042;phone-context=example.com' },
  { source: 'RFC 7118 5.4, no name for a socket', text: 'sip:df7jal23ls0d.invalid;transport=ws' },
];

const malformed = [
  { fault: 'another scheme', text: 'http://example.com', at: 0, expected: 'sip:, sips: or tel:' },
  { fault: 'no scheme', text: 'alice', at: 0, expected: 'sip:, sips: or tel:' },
  { fault: 'no host', text: 'sip:', at: 0, expected: 'host' },
  { fault: 'an empty user', text: 'sip:@atlanta.com', at: 4, expected: 'user' },
  { fault: 'two @', text: 'sip:alice@atlanta.com@example.com', at: 9, expected: 'one @' },
  { fault: 'no user before a password', text: 'sip::pw@atlanta.com', at: 4, expected: 'user' },
  { fault: 'an @ in the header fields', text: 'sip:a@atlanta.com?to=alice@atlanta.com', at: 5, expected: 'one @' },
  { fault: 'a broken escape', text: 'sip:al%4gice@atlanta.com', at: 4, expected: 'user' },
  { fault: 'a space', text: 'sip:alice@ atlanta.com', at: 10, expected: 'no space, quote or bracket' },
  { fault: 'a line end', text: 'sip:alice@atlanta.com\r\nVia: x', at: 21, expected: 'no space, quote or bracket' },
  { fault: 'a bracket', text: 'sip:alice@atlanta.com>;x', at: 21, expected: 'no space, quote or bracket' },
  {
    fault: 'a control character in the header fields',
    text: 'sip:a@b?x=\u0001',
    at: 10,
    expected: 'no space, quote or bracket',
  },
  { fault: 'port 0', text: 'sip:alice@atlanta.com:0', at: 12, expected: 'port from 1 to 65535' },
  { fault: 'an open IPv6 reference', text: 'sip:alice@[2001:db8::1', at: 0, expected: 'host' },
  { fault: 'a parameter twice', text: 'sip:a@b;lr;LR', at: 5, expected: 'each parameter once' },
  { fault: 'letters as telephone number', text: 'tel:hello', at: 4, expected: 'a telephone number' },
  { fault: 'no telephone number', text: 'tel:', at: 4, expected: 'a telephone number' },
  { fault: 'separators alone', text: 'tel:+-.()', at: 4, expected: 'a telephone number' },
  { fault: 'letters in a global number', text: 'tel:+1a', at: 4, expected: 'a telephone number' },
];

describe('parseUri', () => {
  it.each(wellFormed)('[RFC 3261 19.1.1] reads and rewrites $source', ({ text }) => {
    expect(formatUri(parseUri(text))).toBe(text);
  });

  it('[RFC 3261 19.1.1] names the parts', () => {
    expect(parseUri('SIPS:a%20b:pw@Atlanta.COM:5061;Lr;Transport=TCP?a=b&c')).toEqual({
      scheme: 'sips',
      user: 'a%20b',
      password: 'pw',
      host: 'atlanta.com',
      port: 5_061,
      params: new Map([
        ['lr', ''],
        ['transport', 'TCP'],
      ]),
      headers: 'a=b&c',
    });
  });

  it('[RFC 3261 25.1] lets the user have a question mark, and so nobody else the host', () => {
    expect(parseUri('sip:evil?x@ims.example')).toMatchObject({ user: 'evil?x', host: 'ims.example', headers: '' });
  });

  it.each(malformed)('[RFC 3261 19.1.1] refuses $fault', ({ text, at, expected }) => {
    expect(() => parseUri(text, 'To')).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MALFORMED',
        message: `To: expected ${expected} at offset ${at}`,
      }),
    );
  });

  it('[RFC 3261 19.1.1] bounds the length', () => {
    expect(() => parseUri(`sip:${'a'.repeat(2_048)}@b`)).toThrow(SipError);
  });

  it('[RFC 3261 19.1.1] survives mutation: a SipError, or a text that stays as it was written', () => {
    const noise = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('@', ':', ';', '?', '%', '[', ']', '='));
    const mutant = fc
      .tuple(fc.constantFrom(...wellFormed), fc.nat(60), noise)
      .map(([{ text }, at, extra]) => text.slice(0, at) + extra + text.slice(at + 1));
    fc.assert(
      fc.property(mutant, (text) => {
        const written = tryOr(() => formatUri(parseUri(text)));
        if (written !== undefined) {
          expect(formatUri(parseUri(written))).toBe(written);
          expect(canonicalImpu(canonicalImpu(written))).toBe(canonicalImpu(written));
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('formatUri', () => {
  const uri = {
    scheme: 'sip',
    user: 'a',
    password: undefined,
    host: 'b.example',
    port: undefined,
    headers: '',
  } as const;
  const params = new Map<string, string>();

  it.each([
    { fault: 'a user that brings a host along', change: { user: 'a@evil.example;x=' } },
    { fault: 'an empty user', change: { user: '' } },
    { fault: 'a user that brings a password along', change: { user: 'a:b' } },
    { fault: 'a password that brings a host along', change: { password: 'x@evil.example' } },
    { fault: 'a host that brings a port along', change: { host: 'b.example:1' } },
    { fault: 'a host that brings a user along', change: { user: undefined, host: 'b@evil.example' } },
    { fault: 'an open IPv6 reference', change: { host: '[::1' } },
    { fault: 'port 0', change: { port: 0 } },
    { fault: 'half a port', change: { port: 0.5 } },
    { fault: 'a parameter that brings a host along', change: { user: undefined, params: new Map([['x', 'y@evil']]) } },
    { fault: 'a parameter that brings header fields along', change: { params: new Map([['x', 'y?Route=z']]) } },
    { fault: 'a quoted parameter', change: { params: new Map([['x', '"y z"']]) } },
    { fault: 'a line end in the header fields', change: { headers: 'a=b\r\nVia: x' } },
    { fault: 'an @ in the header fields', change: { user: undefined, headers: 'a=b@evil' } },
  ])('[RFC 3261 19.1.1] does not write $fault', ({ change }) => {
    expect(() => formatUri({ ...uri, params, ...change })).toThrow(TypeError);
  });

  it.each(['', '-', '+', 'hello', '1;x=y', '1\r\nVia: x'])('[RFC 3966 3] writes no telephone number %j', (number) => {
    expect(() => formatUri({ scheme: 'tel', number, params })).toThrow(TypeError);
  });
});

it('[RFC 3966 3] refuses a phone-context without a value', () => {
  expect(() => parseUri('tel:7042;phone-context;ext=1')).toThrow(
    expect.objectContaining({
      code: 'ERR_SIP_HEADER_MALFORMED',
      message: 'URI: expected a value in phone-context at offset 8',
    }),
  );
});

describe('canonicalImpu', () => {
  it.each([
    { source: 'case of scheme and host', text: 'SIP:alice@IMS.Example', impu: 'sip:alice@ims.example' },
    { source: 'the user keeps its case', text: 'sip:Alice@ims.example', impu: 'sip:Alice@ims.example' },
    {
      source: 'port, parameters, header fields, password',
      text: 'sip:alice:pw@ims.example:5060;user=phone?x=y',
      impu: 'sip:alice@ims.example',
    },
    { source: 'needless escapes', text: 'sip:%61lice@ims.example', impu: 'sip:alice@ims.example' },
    { source: 'needed escapes', text: 'sip:a%3ab%2F@ims.example', impu: 'sip:a%3Ab%2F@ims.example' },
    {
      source: 'an escaped @, which stays one',
      text: 'sip:alice%40evil.example@ims.example',
      impu: 'sip:alice%40evil.example@ims.example',
    },
    { source: 'no user', text: 'sip:ims.example', impu: 'sip:ims.example' },
    { source: 'sips is another identity', text: 'sips:alice@ims.example', impu: 'sips:alice@ims.example' },
    { source: 'visual separators', text: 'tel:+1-(201).555-0123;isub=1', impu: 'tel:+12015550123' },
    {
      source: 'the context of a local number',
      text: 'tel:70-42;phone-context=Example.com',
      impu: 'tel:7042;phone-context=example.com',
    },
  ])('[TS 23.003 13.4] levels $source', ({ text, impu }) => {
    expect(canonicalImpu(text)).toBe(impu);
    expect(canonicalImpu(impu)).toBe(impu);
  });
});

function tryOr(run: () => string): string | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

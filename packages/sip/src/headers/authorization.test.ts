import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBearerToken, formatAuthorization, hasBearerCredentials, parseAuthorization } from './authorization.ts';
import { Headers } from './headers.ts';

const authorization = (...values: readonly string[]): Headers =>
  Headers.of(...values.map((value) => ['Authorization', value] as const));

const bearers = [
  { source: 'RFC 6750 2.1', values: ['Bearer mF_9.B5f-4.1JqM'], token: 'mF_9.B5f-4.1JqM' },
  { source: 'RFC 8898 2.1.1, any case', values: ['bEARER  abc+/~=='], token: 'abc+/~==' },
  { source: 'TS 24.371 A.3.2', values: ['Bearer access_token="a.b-c_d"'], token: 'a.b-c_d' },
  {
    source: 'TS 24.371 A.3.2, spaces and more parameters',
    values: ['Bearer Access_Token = "abc" , realm="x"'],
    token: 'abc',
  },
  { source: 'TS 24.371 A.3.2, without quotes', values: ['Bearer access_token=abc'], token: 'abc' },
  { source: 'RFC 8898 2.1.1, beside Digest', values: ['Digest username="a"', 'Bearer abc'], token: 'abc' },
  { source: 'no Bearer', values: ['Digest username="a"'], token: undefined },
  { source: 'a scheme that starts alike', values: ['Bearerx abc'], token: undefined },
  { source: 'nothing', values: [], token: undefined },
];

const malformedBearers = [
  { fault: 'no token', values: ['Bearer'] },
  { fault: 'an empty token', values: ['Bearer '] },
  { fault: 'a space in the token', values: ['Bearer a b'] },
  { fault: 'a quoted token without name', values: ['Bearer "abc"'] },
  { fault: 'a padding inside', values: ['Bearer a=b'] },
  { fault: 'two tokens in one field', values: ['Bearer abc, Bearer def'] },
  { fault: 'two fields', values: ['Bearer abc', 'bearer def'] },
  { fault: 'two spellings', values: ['Bearer abc', 'Bearer access_token="def"'] },
  { fault: 'an empty parameter', values: ['Bearer access_token=""'] },
  { fault: 'a space in the parameter', values: ['Bearer access_token="a b"'] },
  { fault: 'an open quote', values: ['Bearer access_token="abc'] },
  { fault: 'the parameter twice', values: ['Bearer access_token="abc",access_token="def"'] },
  { fault: 'letters beyond ASCII', values: ['Bearer äbc'] },
  { fault: 'a name that only folds to access_token', values: ['Bearer acceſs_token="abc"'] },
];

describe('Bearer', () => {
  it.each(bearers)('[RFC 8898 2.1.1] finds the token of $source', ({ values, token }) => {
    expect(findBearerToken(authorization(...values))).toBe(token);
    expect(hasBearerCredentials(authorization(...values))).toBe(token !== undefined);
  });

  it.each(malformedBearers)('[RFC 6750 3.1] refuses $fault and does not repeat it', ({ values }) => {
    const headers = authorization(...values);
    expect(hasBearerCredentials(headers)).toBe(true);
    expect(() => findBearerToken(headers)).toThrow(
      expect.objectContaining({
        code: 'ERR_SIP_HEADER_MALFORMED',
        statusCode: 400,
        message: expect.not.stringMatching(/abc|def/u),
      }),
    );
  });
});

describe('Authorization', () => {
  it('[RFC 3261 20.7] reads and rewrites the example', () => {
    const value =
      'Digest username="Alice", realm="atlanta.com", nonce="84a4cc6f3082121f32b42a2187831a9e", response="7587245234b3434cc3412213e5f113a5432"';
    const { scheme, params } = parseAuthorization(value);
    expect(scheme).toBe('Digest');
    expect(params.get('username')).toBe('Alice');
    expect(formatAuthorization(scheme, Object.fromEntries(params))).toBe(value.replaceAll(', ', ','));
  });

  it.each([
    {
      source: 'RFC 3261 25.1, credentials',
      params: { qop: 'auth', nc: '00000001', cnonce: '0a4f', algorithm: 'MD5' },
      written: 'Digest qop=auth,nc=00000001,cnonce="0a4f",algorithm=MD5',
    },
    {
      source: 'RFC 3261 20.44, a challenge',
      params: { nonce: 'x', qop: 'auth,auth-int', stale: 'FALSE', algorithm: 'MD5' },
      written: 'Digest nonce="x",qop="auth,auth-int",stale=FALSE,algorithm=MD5',
    },
    {
      source: 'TS 24.229, auth-done',
      params: { nonce: '', 'integrity-protected': 'auth-done' },
      written: 'Digest nonce="",integrity-protected="auth-done"',
    },
    {
      source: 'an algorithm that brings a parameter along',
      params: { algorithm: 'MD5,integrity-protected="auth-done"' },
      written: String.raw`Digest algorithm="MD5,integrity-protected=\"auth-done\""`,
    },
    {
      source: 'a qop that brings a parameter along',
      params: { qop: 'auth,x=1', cnonce: 'a' },
      written: 'Digest qop="auth,x=1",cnonce="a"',
    },
  ])('[RFC 3261 25.1] writes $source', ({ params, written }) => {
    expect(formatAuthorization('Digest', params)).toBe(written);
  });

  it.each([
    { fault: 'no parameters', value: 'Digest', at: 6, expected: 'whitespace' },
    { fault: 'no scheme', value: '="x"', at: 0, expected: 'scheme' },
    { fault: 'a parameter without value', value: 'Digest realm', at: 12, expected: "'='" },
    { fault: 'a comma at the end', value: 'Digest a="b",', at: 13, expected: 'parameter name' },
    { fault: 'a parameter twice', value: 'Digest realm="a",realm="b"', at: 17, expected: 'each parameter once' },
    { fault: 'an open quote', value: 'Digest realm="a', at: 13, expected: 'closing quote' },
  ])('[RFC 3261 25.1] refuses $fault', ({ value, at, expected }) => {
    expect(() => parseAuthorization(value)).toThrow(
      expect.objectContaining({ message: `Authorization: expected ${expected} at offset ${at}` }),
    );
  });

  it('[RFC 3261 25.1] brings back whatever values were written', () => {
    const text = fc.string({ maxLength: 20 }).map((value) => value.replaceAll(/\p{Cc}/gu, ''));
    const names = fc.constantFrom(
      'username',
      'realm',
      'qop',
      'nc',
      'algorithm',
      'stale',
      'cnonce',
      'integrity-protected',
    );
    fc.assert(
      fc.property(fc.dictionary(names, text, { minKeys: 1 }), (params) => {
        const read = parseAuthorization(formatAuthorization('Digest', params));
        expect(Object.fromEntries(read.params)).toEqual({ ...params });
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Scanner } from '../grammar/scanner.ts';
import { AuthParams, formatAuthParams, formatNonceCount } from './authorization-params.ts';

const read = (value: string): AuthParams => AuthParams.readToEnd(new Scanner('Authorization', value));

describe('auth-param', () => {
  it('[RFC 3261 25.1] reads tokens, quoted strings and what peers leave without quotes', () => {
    const params = read(String.raw`A=1 , b = "x \"y\" \\z" ,c=sip:a@b.example?x=y,d=ab+/==`);
    expect(Object.fromEntries(params.rest())).toEqual({
      a: '1',
      b: String.raw`x "y" \z`,
      c: 'sip:a@b.example?x=y',
      d: 'ab+/==',
    });
  });

  it.each([
    { fault: 'a parameter twice', value: 'a=1,A=2', at: 4, expected: 'each parameter once' },
    { fault: 'no value', value: 'a=,b=1', at: 2, expected: 'value' },
    { fault: 'a control character in quotes', value: 'a="\u0007"', at: 2, expected: 'no control character' },
    { fault: 'an escaped line end', value: 'a="\\\r"', at: 4, expected: 'no line end' },
    { fault: 'text after a quoted string', value: 'a="b"c', at: 5, expected: 'end of value' },
  ])('[RFC 3261 25.1] refuses $fault', ({ value, at, expected }) => {
    expect(() => read(value)).toThrow(
      expect.objectContaining({ message: `Authorization: expected ${expected} at offset ${at}` }),
    );
  });

  it('[RFC 3261 25.1] reads at most 64 parameters', () => {
    const many = (count: number): string => Array.from({ length: count }, (_, at) => `p${at}=1`).join(',');
    expect(read(many(64)).rest().size).toBe(64);
    expect(() => read(many(65))).toThrow(expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED' }));
  });

  it('[RFC 3261 25.1] writes what is bare bare and everything else in quotes', () => {
    const fields = [
      ['algorithm', 'MD5'],
      ['stale', 'true'],
      ['qop', 'auth'],
      ['nc', '00000001'],
      ['realm', 'a "b" \\c'],
      ['opaque', undefined],
    ] as const;
    expect(formatAuthParams(fields, { bareQop: true })).toBe(
      String.raw`algorithm=MD5,stale=true,qop=auth,nc=00000001,realm="a \"b\" \\c"`,
    );
    expect(formatAuthParams([['qop', 'auth']], { bareQop: false })).toBe('qop="auth"');
  });

  it.each([
    { fault: 'a line end in a value', fields: [['realm', 'a\r\nVia: x']] as const },
    { fault: 'a name that brings a parameter along', fields: [['a="b",c', 'd']] as const },
    { fault: 'an empty name', fields: [['', 'd']] as const },
  ])('[RFC 3261 25.1] writes no $fault', ({ fields }) => {
    expect(() => formatAuthParams(fields, { bareQop: false })).toThrow(TypeError);
  });

  it.each([
    { count: 0, text: '00000000' },
    { count: 0xffffffff, text: 'ffffffff' },
  ])('[RFC 3261 25.1] writes $count in eight digits', ({ count, text }) => {
    expect(formatNonceCount(count)).toBe(text);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 32])('[RFC 3261 25.1] writes no nonce count of %d', (count) => {
    expect(() => formatNonceCount(count)).toThrow(TypeError);
  });
});

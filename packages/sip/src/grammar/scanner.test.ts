import { describe, expect, it } from 'vitest';
import { formatParams } from './format-params.ts';
import { quoted, unquote } from './quoted-string.ts';
import { Scanner } from './scanner.ts';

const readings: readonly { source: string; value: string; read: (scanner: Scanner) => unknown; result: unknown }[] = [
  { source: 'RFC 3261 25.1 token', value: "a-.!%*_+`'~9 x", read: (s) => s.token(), result: "a-.!%*_+`'~9" },
  { source: 'RFC 3261 25.1 SLASH with white space', value: ' \t/ \tx', read: (s) => s.accept('/'), result: true },
  { source: 'RFC 3261 25.1 host name', value: 'atlanta.com:5060', read: (s) => s.host(), result: 'atlanta.com' },
  {
    source: 'RFC 3261 25.1 IPv6reference',
    value: '[2001:db8::9:1]:5060',
    read: (s) => s.host(),
    result: '[2001:db8::9:1]',
  },
  { source: 'RFC 3261 25.1 port', value: '65535', read: (s) => s.port(), result: 65_535 },
  { source: 'RFC 4475 3.1.1.1, leading zeros', value: '0009', read: (s) => s.number('number', 10), result: 9 },
  {
    source: 'RFC 3261 25.1 quoted-string with escapes',
    value: String.raw`"a \" ; \\" rest`,
    read: (s) => s.quotedString(),
    result: String.raw`"a \" ; \\"`,
  },
  {
    source: 'RFC 3261 7.3.1 parameters',
    value: ' ; A = b ;c',
    read: (s) => [...s.params()],
    result: [
      ['a', 'b'],
      ['c', ''],
    ],
  },
  {
    source: 'RFC 3261 25.1 generic-param with quoted value',
    value: ';a="x;y=z"',
    read: (s) => [...s.params()],
    result: [['a', '"x;y=z"']],
  },
  {
    source: 'RFC 3261 20.7 auth-param',
    value: 'realm="a, \\"b\\"" , nc = 00000001',
    read: (s) => [...s.authParams()],
    result: [
      ['realm', 'a, "b"'],
      ['nc', '00000001'],
    ],
  },
];

const faults: readonly {
  fault: string;
  value: string;
  read: (scanner: Scanner) => unknown;
  at: number;
  expected: string;
}[] = [
  { fault: 'no token', value: '@', read: (s) => s.token(), at: 0, expected: 'token' },
  { fault: 'another word', value: 'HTTP', read: (s) => s.keyword('SIP'), at: 0, expected: 'SIP' },
  { fault: 'a missing separator', value: 'x', read: (s) => s.separator(','), at: 0, expected: "','" },
  {
    fault: 'a number too high',
    value: '11',
    read: (s) => s.number('number to 10', 10),
    at: 0,
    expected: 'number to 10',
  },
  {
    fault: 'more than ten digits',
    value: '00000000001',
    read: (s) => s.number('number', 10),
    at: 0,
    expected: 'number',
  },
  { fault: 'port 0', value: '0', read: (s) => s.port(), at: 0, expected: 'port from 1 to 65535' },
  { fault: 'empty brackets', value: '[]', read: (s) => s.host(), at: 1, expected: 'host' },
  { fault: 'IPv4 in brackets', value: '[192.0.2.1]', read: (s) => s.host(), at: 0, expected: 'host' },
  { fault: 'an open quote', value: '"abc', read: (s) => s.quotedString(), at: 0, expected: 'closing quote' },
  { fault: 'an escape at the end', value: '"abc\\', read: (s) => s.quotedString(), at: 0, expected: 'closing quote' },
  { fault: 'a parameter without name', value: ';=x', read: (s) => s.params(), at: 1, expected: 'parameter name' },
  { fault: 'a parameter without value', value: ';x=', read: (s) => s.params(), at: 3, expected: 'parameter value' },
  {
    fault: 'a parameter twice',
    value: ';tag=1;TAG=2',
    read: (s) => s.params(),
    at: 7,
    expected: 'each parameter once',
  },
  {
    fault: 'an auth-param twice',
    value: 'a=1,A=2',
    read: (s) => s.authParams(),
    at: 4,
    expected: 'each parameter once',
  },
  { fault: 'text after the end', value: ' b', read: (s) => s.end(), at: 1, expected: 'end of value' },
];

describe('Scanner', () => {
  it.each(readings)('[RFC 3261 25.1] reads $source', ({ value, read, result }) => {
    expect(read(new Scanner('X', value))).toEqual(result);
  });

  it.each(faults)('[RFC 3261 25.1] refuses $fault', ({ value, read, at, expected }) => {
    expect(() => read(new Scanner('X', value))).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_HEADER_MALFORMED', message: `X: expected ${expected} at offset ${at}` }),
    );
  });

  it.each([
    ['params', Array.from({ length: 65 }, (_, index) => `;p${index}`).join('')],
    ['authParams', Array.from({ length: 65 }, (_, index) => `p${index}=1`).join(',')],
  ] as const)('[RFC 3261 21.5.7] bounds %s at 64', (read, value) => {
    expect(() => new Scanner('X', value)[read]()).toThrow(
      expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE', statusCode: 513 }),
    );
  });

  it('[RFC 3261 25.1] never shows the value in an error', () => {
    expect(() => new Scanner('Authorization', 'secret secret').end()).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});

describe('quoted', () => {
  it.each([
    ['plain', 'Bob', '"Bob"'],
    ['quotes and backslashes', 'a"b\\c', String.raw`"a\"b\\c"`],
    ['line ends, which are left out', 'a\r\nVia: x', '"aVia: x"'],
    ['UTF-8', 'Zoë', '"Zoë"'],
  ])('[RFC 3261 25.1] writes %s', (_, text, written) => {
    expect(quoted(text)).toBe(written);
  });

  it.each(['', 'a"b\\c', '\\', '"', 'Zoë'])('[RFC 3261 25.1] is undone by unquote: %j', (text) => {
    expect(unquote(quoted(text))).toBe(text);
  });

  it.each(['token', '"', '"open', ''])('[RFC 3261 25.1] unquote leaves alone what is not quoted: %j', (text) => {
    expect(unquote(text)).toBe(text);
  });
});

describe('formatParams', () => {
  it('[RFC 3261 25.1] writes a parameter without value as its name', () => {
    expect(
      formatParams(
        new Map([
          ['lr', ''],
          ['q', '0.5'],
        ]),
      ),
    ).toBe(';lr;q=0.5');
  });
});

import { expect, it } from 'vitest';
import { testHeader } from './testing/header-table.ts';
import { formatWarning, parseWarning } from './warning.ts';

testHeader({
  name: 'Warning',
  clause: 'RFC 3261 20.43',
  parse: parseWarning,
  format: formatWarning,
  wellFormed: [
    { source: 'RFC 3261 20.43, the first example', value: '307 isi.edu "Session parameter \'foo\' not understood"' },
    { source: 'a port', value: '399 proxy.example:5060 "Incompatible"' },
    { source: 'an IPv6 reference', value: '399 [2001:db8::1]:5060 "x"' },
    { source: 'quotes in the text', value: '399 a "say \\"no\\""' },
    {
      source: 'white space',
      value: '301  isi.edu\t"Incompatible network address type"',
      canonical: '301 isi.edu "Incompatible network address type"',
    },
  ],
  malformed: [
    { fault: 'a code of two digits', value: '99 a "x"', at: 0, expected: 'code from 100 to 999' },
    { fault: 'a code of four digits', value: '1000 a "x"', at: 0, expected: 'code from 100 to 999' },
    { fault: 'no agent', value: '399 "x"', at: 4, expected: 'agent' },
    { fault: 'no quotes', value: '399 a x', at: 6, expected: 'quoted string' },
    { fault: 'RFC 4475 3.1.2.1, an open quote', value: '1812 "overture', at: 0, expected: 'code from 100 to 999' },
  ],
});

it('[RFC 3261 20.43] writes no agent that breaks out', () => {
  expect(() => formatWarning({ code: 399, agent: 'a "b"', text: 'x' })).toThrow(TypeError);
});

it.each(['', 'a b', 'a;b', 'a:0', 'a:', '[::1', 'a\r\nVia: x', ' a'])(
  '[RFC 3261 20.43] writes no agent that would not be read back: %j',
  (agent) => {
    expect(() => formatWarning({ code: 399, agent, text: 'x' })).toThrow(TypeError);
  },
);

import { expect, it } from 'vitest';
import { formatExpires, parseExpires } from './expires.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Expires',
  clause: 'RFC 3261 20.19',
  parse: (value) => parseExpires(value),
  format: formatExpires,
  wellFormed: [
    { source: 'RFC 3261 20.19', value: '5' },
    { source: 'none', value: '0' },
    { source: 'the most', value: '4294967295' },
  ],
  malformed: [
    { fault: 'RFC 4475 3.1.2.4, too many', value: '10000000000', at: 0, expected: 'seconds below 2^32' },
    { fault: 'a date', value: 'Thu, 01 Dec', at: 0, expected: 'seconds below 2^32' },
    { fault: 'a parameter', value: '5;x', at: 1, expected: 'end of value' },
    { fault: 'nothing', value: '', at: 0, expected: 'seconds below 2^32' },
  ],
});

it.each([-1, 0.5, 4_294_967_296, Number.NaN])('[RFC 3261 20.19] does not write %d', (seconds) => {
  expect(() => formatExpires(seconds)).toThrow(TypeError);
});

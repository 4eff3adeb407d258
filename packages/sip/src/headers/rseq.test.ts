import { expect, it } from 'vitest';
import { formatRSeq, parseRSeq } from './rseq.ts';
import { testHeader } from './testing/header-table.ts';

const expected = 'number from 1 below 2^32';

testHeader({
  name: 'RSeq',
  clause: 'RFC 3262 7.1',
  parse: parseRSeq,
  format: formatRSeq,
  wellFormed: [
    { source: 'RFC 3262 7.1', value: '988789' },
    { source: 'the highest', value: '4294967295' },
    { source: 'leading zeros', value: ' 0001 ', canonical: '1' },
  ],
  malformed: [
    { fault: 'zero', value: '0', at: 0, expected },
    { fault: '2^32', value: '4294967296', at: 0, expected },
    { fault: 'nothing', value: '', at: 0, expected },
    { fault: 'two numbers', value: '1 2', at: 2, expected: 'end of value' },
  ],
});

it.each([0, -1, 1.5, 4_294_967_296, Number.NaN])('[RFC 3262 7.1] does not write %d', (number) => {
  expect(() => formatRSeq(number)).toThrow(TypeError);
});

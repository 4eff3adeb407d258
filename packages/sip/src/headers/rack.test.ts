import { expect, it } from 'vitest';
import { formatRAck, parseRAck } from './rack.ts';
import { testHeader } from './testing/header-table.ts';

const number = 'response number from 1 below 2^32';

testHeader({
  name: 'RAck',
  clause: 'RFC 3262 7.2',
  parse: parseRAck,
  format: formatRAck,
  wellFormed: [
    { source: 'RFC 3262 7.2', value: '776656 1 INVITE' },
    { source: 'wide spacing', value: ' 01\t 2  INVITE ', canonical: '1 2 INVITE' },
    { source: 'the highest', value: '4294967295 2147483647 x' },
  ],
  malformed: [
    { fault: 'zero', value: '0 1 INVITE', at: 0, expected: number },
    { fault: 'no CSeq', value: '1', at: 1, expected: 'whitespace' },
    { fault: 'a CSeq too high', value: '1 2147483648 INVITE', at: 2, expected: 'CSeq number below 2^31' },
    { fault: 'no method', value: '1 2', at: 3, expected: 'whitespace' },
    { fault: 'a method that is no token', value: '1 2 "x"', at: 4, expected: 'method' },
    { fault: 'more', value: '1 2 INVITE x', at: 11, expected: 'end of value' },
  ],
});

it.each([
  { rseq: 0, cseq: 1, method: 'INVITE' },
  { rseq: 1, cseq: -1, method: 'INVITE' },
  { rseq: 1, cseq: 1, method: '' },
  { rseq: 1, cseq: 1, method: '"' },
  { rseq: 1, cseq: 1, method: 'A B' },
  { rseq: 1, cseq: 1, method: 'A\r\nB: c' },
])('[RFC 3262 7.2] does not write $rseq $cseq', (rack) => {
  expect(() => formatRAck(rack)).toThrow(TypeError);
});

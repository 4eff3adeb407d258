import { formatMinSe, parseMinSe } from './min-se.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Min-SE',
  clause: 'RFC 4028 5',
  parse: parseMinSe,
  format: formatMinSe,
  wellFormed: [
    { source: 'RFC 4028 5', value: '60' },
    { source: 'a parameter', value: '3600 ; lr', canonical: '3600;lr' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'seconds below 2^32' },
    { fault: 'a sign', value: '-1', at: 0, expected: 'seconds below 2^32' },
    { fault: 'trailing text', value: '90,91', at: 2, expected: 'end of value' },
  ],
});

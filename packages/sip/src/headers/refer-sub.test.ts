import { formatReferSub, parseReferSub } from './refer-sub.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Refer-Sub',
  clause: 'RFC 4488 4',
  parse: parseReferSub,
  format: formatReferSub,
  wellFormed: [
    { source: 'RFC 4488 4', value: 'false' },
    { source: 'case and parameters', value: 'TRUE ;x=1', canonical: 'true;x=1' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'true or false' },
    { fault: 'another word', value: 'no', at: 0, expected: 'true or false' },
    { fault: 'two words', value: 'true false', at: 5, expected: 'end of value' },
  ],
});

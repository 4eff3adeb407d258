import { expect, it } from 'vitest';
import { formatRecvInfo, parseRecvInfo } from './recv-info.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Recv-Info',
  clause: 'RFC 6086 7.3',
  parse: parseRecvInfo,
  format: formatRecvInfo,
  wellFormed: [
    { source: 'RFC 6086 9, several', value: 'P,R ;x=1', canonical: 'P, R;x=1' },
    { source: 'RFC 6086 5.2.3, none', value: '' },
  ],
  malformed: [{ fault: 'a package without name', value: 'a, ;x', at: 0, expected: 'package name' }],
});

it('[RFC 6086 7.3] bounds the list', () => {
  expect(() => parseRecvInfo('a,'.repeat(65))).toThrow(expect.objectContaining({ code: 'ERR_SIP_MESSAGE_TOO_LARGE' }));
});

import { formatContentDisposition, parseContentDisposition } from './content-disposition.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Content-Disposition',
  clause: 'RFC 3261 20.11',
  parse: parseContentDisposition,
  format: formatContentDisposition,
  wellFormed: [
    { source: 'RFC 3261 20.11', value: 'session' },
    { source: 'RFC 3959 5', value: 'Early-Session ; handling=optional', canonical: 'early-session;handling=optional' },
    { source: 'RFC 6086 4.2.2', value: 'Info-Package', canonical: 'info-package' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'disposition type' },
    { fault: 'a list', value: 'session, render', at: 7, expected: 'end of value' },
    { fault: 'a parameter twice', value: 'a;b;b', at: 4, expected: 'each parameter once' },
  ],
});

import { expect, it } from 'vitest';
import { formatSessionExpires, parseSessionExpires } from './session-expires.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Session-Expires',
  clause: 'RFC 4028 4',
  parse: parseSessionExpires,
  format: formatSessionExpires,
  wellFormed: [
    { source: 'RFC 4028 4', value: '4000;refresher=uac' },
    { source: 'no refresher', value: '1800' },
    { source: 'other case and spacing', value: ' 90 ; Refresher = UAS ; a="b" ', canonical: '90;refresher=uas;a="b"' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'seconds below 2^32' },
    { fault: '2^32', value: '4294967296', at: 0, expected: 'seconds below 2^32' },
    { fault: 'another refresher', value: '90;refresher=b2bua', at: 3, expected: 'refresher uac or uas' },
    { fault: 'no name', value: '90;', at: 3, expected: 'parameter name' },
    { fault: 'trailing text', value: '90 x', at: 3, expected: 'end of value' },
  ],
});

it.each([
  { seconds: -1, refresher: undefined, params: new Map<string, string>() },
  { seconds: 90, refresher: 'uac', params: new Map([['refresher', 'uas']]) },
  { seconds: 90, refresher: undefined, params: new Map([['a', '1;refresher=uac']]) },
] as const)('[RFC 4028 4] does not write what would be read otherwise', (value) => {
  expect(() => formatSessionExpires(value)).toThrow(TypeError);
});

import { expect, it } from 'vitest';
import { formatAuthenticationInfo, parseAuthenticationInfo } from './authentication-info.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Authentication-Info',
  clause: 'RFC 3261 20.6',
  parse: (value) => parseAuthenticationInfo(value),
  format: formatAuthenticationInfo,
  wellFormed: [
    { source: 'RFC 3261 20.6, the example', value: 'nextnonce="47364c23432d2e131a5fb210812c"' },
    {
      source: 'RFC 7616 3.5, all parameters',
      value: 'qop=auth, rspauth="6629fae4", cnonce="0a4f113b", nc=00000001, nextnonce="x"',
      canonical: 'nextnonce="x",qop=auth,rspauth="6629fae4",cnonce="0a4f113b",nc=00000001',
    },
    { source: 'RFC 7615 3, a parameter of its own', value: 'qop=auth,foo="bar"' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'parameter name' },
    { fault: 'a parameter twice', value: 'nc=00000001,nc=00000001', at: 12, expected: 'each parameter once' },
    { fault: 'a proof of no digits', value: 'rspauth="xyz"', at: 8, expected: 'hexadecimal digits' },
    { fault: 'a short nc', value: 'nc=1', at: 3, expected: 'eight hexadecimal digits' },
    { fault: 'a qop that is no token', value: 'qop="a b"', at: 4, expected: 'token' },
  ],
});

it('[RFC 3261 20.6] writes no qop that brings a parameter along', () => {
  const info = { ...parseAuthenticationInfo('qop=auth'), qop: 'auth,nextnonce="x"' };
  expect(() => formatAuthenticationInfo(info)).toThrow(TypeError);
});

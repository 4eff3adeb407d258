import { expect, it } from 'vitest';
import { formatInfoPackage, parseInfoPackage } from './info-package.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Info-Package',
  clause: 'RFC 6086 7.2',
  parse: (value) => parseInfoPackage(value),
  format: formatInfoPackage,
  wellFormed: [
    { source: 'RFC 8840 10.1', value: 'trickle-ice' },
    { source: 'a parameter', value: 'foo ; Bar = "x;y" ;z', canonical: 'foo;bar="x;y";z' },
  ],
  malformed: [
    { fault: 'nothing', value: '', at: 0, expected: 'package name' },
    { fault: 'two packages', value: 'a, b', at: 1, expected: 'end of value' },
    { fault: 'a quoted name', value: '"a"', at: 0, expected: 'package name' },
  ],
});

it.each(['', ' a', 'a b', 'a;b', 'a,b', 'a\r\nb: c', '<'])(
  '[RFC 6086 7.2] writes no package named otherwise',
  (name) => {
    expect(() => formatInfoPackage({ name, params: new Map() })).toThrow(TypeError);
  },
);

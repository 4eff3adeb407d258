import { expect, it } from 'vitest';
import { formatGeolocation, isLocationForRouting, parseGeolocation } from './geolocation.ts';
import { Headers } from './headers.ts';
import { testHeader } from './testing/header-table.ts';

testHeader({
  name: 'Geolocation',
  clause: 'RFC 6442 4.1',
  parse: parseGeolocation,
  format: formatGeolocation,
  wellFormed: [
    { source: 'RFC 6442 4.1, absoluteURI', value: '<geo:48.2010,16.3695>' },
    { source: 'RFC 6442 5.1, by value', value: '<cid:target123@atlanta.example.com>' },
    { source: 'RFC 6442 5.2, by reference', value: '<sips:3sdefrhy2jj7@lis.atlanta.example.com>' },
    { source: 'a parameter', value: '<https://lis.example/abc>; x=y', canonical: '<https://lis.example/abc>;x=y' },
  ],
  malformed: [
    { fault: 'no brackets', value: 'sip:a@b', at: 0, expected: "'<'" },
    { fault: 'no scheme', value: '<//h.example/1>', at: 1, expected: 'URI' },
    { fault: 'an open bracket', value: '<cid:a@b', at: 8, expected: "'>'" },
  ],
});

it.each([
  [[['Geolocation-Routing', 'Yes']], true],
  [[['Geolocation-Routing', 'no']], false],
  [[], false],
] as const)('[RFC 6442 4.2] with %j proxies may route by it: %s', (fields, expected) => {
  expect(isLocationForRouting(Headers.of(...fields))).toBe(expected);
});

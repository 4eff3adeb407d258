import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalIpv6, parseIpv6 } from './ipv6.ts';

it.each([
  ['RFC 5952 1, full', '2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
  ['RFC 5952 4.2.3, the first of two runs', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['RFC 5952 4.2.2, one group is not shortened', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['RFC 5952 4.3, lower case', '2001:DB8::ABCD', '2001:db8::abcd'],
  ['RFC 5118 4.9, IPv4-mapped', '::ffff:192.0.2.10', '::ffff:c000:20a'],
  ['RFC 4291 2.2, unspecified', '::', '::'],
  ['RFC 4291 2.2, loopback', '0:0:0:0:0:0:0:1', '::1'],
  ['zeros at the end', '2001:db8::', '2001:db8::'],
])('[RFC 5952 4] writes %s', (_, text, canonical) => {
  expect(canonicalIpv6(text)).toBe(canonical);
  expect(canonicalIpv6(canonical)).toBe(canonical);
});

it.each([
  ['RFC 5118 4.10, three colons', '2001:db8:::192.0.2.1'],
  ['two gaps', '1::2::3'],
  ['seven groups', '1:2:3:4:5:6:7'],
  ['nine groups', '1:2:3:4:5:6:7:8:9'],
  ['a gap for no group', '1:2:3:4::5:6:7:8'],
  ['five digits', '12345::'],
  ['IPv4 in the middle', '::192.0.2.1:1'],
  ['IPv4 before the gap', '192.0.2.1::'],
  ['IPv4 out of range', '::192.0.2.256'],
  ['a port', '::1]:5060'],
  ['a zone', 'fe80::1%eth0'],
  ['nothing', ''],
  ['one colon', ':'],
  ['IPv4 alone', '192.0.2.1'],
  ['a long text', ':'.repeat(100_000)],
])('[RFC 4291 2.2] refuses %s', (_, text) => {
  expect(parseIpv6(text)).toBeUndefined();
});

it('[RFC 5952 4] every spelling has one canonical form', () => {
  const group = fc.constantFrom(0, 0, 0, 1, 0xab, 0xffff);
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const full = groups.map((each) => each.toString(16).toUpperCase().padStart(4, '0')).join(':');
      const canonical = canonicalIpv6(full) ?? '';
      expect(parseIpv6(canonical)).toEqual(groups);
      expect(canonicalIpv6(canonical)).toBe(canonical);
    }),
  );
});

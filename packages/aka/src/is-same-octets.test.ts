import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flipBit, octets } from '../test/octets.ts';
import { isSameOctets } from './is-same-octets.ts';

it.each([
  { left: '', right: '', same: true },
  { left: '00ff', right: '00ff', same: true },
  { left: '00ff', right: '00fe', same: false },
  { left: '00ff', right: '80ff', same: false },
  { left: '00', right: '0000', same: false },
  { left: '0000', right: '00', same: false },
  { left: '', right: '00', same: false },
])('"$left" and "$right": $same', ({ left, right, same }) => {
  expect(isSameOctets(octets(left), octets(right))).toBe(same);
});

it('any bit counts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat({ max: 63 }), (mac, bit) => {
      expect(isSameOctets(mac, mac.slice())).toBe(true);
      expect(isSameOctets(mac, flipBit(mac, bit))).toBe(false);
    }),
  );
});

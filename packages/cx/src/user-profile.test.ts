import { expect, it } from 'vitest';
import { findDefaultImpu } from './user-profile.ts';

const impi = 'alice@ims.example';
const sip = 'sip:alice@ims.example';
const tel = 'tel:+491701234567';

it.each([
  { set: [{ impu: sip, barred: false }], expected: sip },
  {
    set: [
      { impu: sip, barred: true },
      { impu: tel, barred: false },
    ],
    expected: tel,
  },
  { set: [{ impu: sip, barred: true }], expected: undefined },
  { set: [], expected: undefined },
])('[TS 29.228 6.5] takes the first identity that is not barred as the default: $expected', ({ set, expected }) => {
  expect(findDefaultImpu({ impi, implicitRegistrationSet: set })).toBe(expected);
});

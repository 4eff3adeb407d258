import { expect, it } from 'vitest';
import { encodeBase64 } from './base64.ts';

it.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('[RFC 4648 10] writes "%s" as "%s"', (plain, encoded) => {
  expect(encodeBase64(new TextEncoder().encode(plain))).toBe(encoded);
});

it('[RFC 4648 4] uses the last two characters of the alphabet', () => {
  expect(encodeBase64(new Uint8Array([0xfb, 0xff, 0xbf]))).toBe('+/+/');
});

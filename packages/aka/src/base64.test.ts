import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

const utf8 = new TextEncoder();

it.each([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
])('[RFC 4648 10] "%s" is "%s"', (plain, encoded) => {
  expect(encodeBase64(utf8.encode(plain))).toBe(encoded);
  expect(decodeBase64(encoded)).toEqual(utf8.encode(plain));
});

it('[RFC 4648 4] the last two characters of the alphabet', () => {
  expect(encodeBase64(new Uint8Array([0xfb, 0xff, 0xbf]))).toBe('+/+/');
  expect(decodeBase64('+/+/')).toEqual(new Uint8Array([0xfb, 0xff, 0xbf]));
});

it('[RFC 4648 4] what was written is read', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (octets) => {
      expect(decodeBase64(encodeBase64(octets))).toEqual(octets);
    }),
  );
});

it.each([
  { fault: 'no padding', text: 'Zg' },
  { fault: 'half the padding', text: 'Zg=' },
  { fault: 'padding alone', text: '====' },
  { fault: 'padding in the middle', text: 'Zg==Zg==' },
  { fault: 'bits that are left over', text: 'Zh==' },
  { fault: 'two bits that are left over', text: 'Zm9=' },
  { fault: 'the alphabet of URLs', text: '-_-_' },
  { fault: 'a line end', text: 'Zm9\n' },
  { fault: 'a space', text: 'Zm 9' },
  { fault: 'a character of two units', text: 'Zm\u{1f600}' },
])('[RFC 4648 3.5] refuses $fault', ({ text }) => {
  expect(decodeBase64(text)).toBeUndefined();
});

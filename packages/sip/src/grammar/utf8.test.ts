import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

describe('UTF-8', () => {
  it.each(['', 'abc', 'Jörg', '日本語', '😀', '\ufeffabc', 'a\0b'])('[RFC 3261 7] comes back as it was: %j', (text) => {
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });

  it.each([
    ['a lone continuation octet', [0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0x8a]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['more than U+10FFFF', [0xf5, 0x80, 0x80, 0x80]],
  ])('[RFC 3261 7] is refused with %s', (_, octets) => {
    expect(decodeUtf8(Uint8Array.from(octets))).toBeUndefined();
  });
});

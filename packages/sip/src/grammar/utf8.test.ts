import { describe, expect, it } from 'vitest';
import { decodeLossy, decodeUtf8, encodeUtf8, encodeUtf8With } from './utf8.ts';

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

  it('[RFC 3261 7] writes a text and what follows it, small or large, ASCII or not', () => {
    const tail = Uint8Array.of(255, 0);
    const texts = ['', 'a', 'é', '😀'.repeat(3), '\ud800', 'b'.repeat(5_000), 'ü'.repeat(5_000), 'c'.repeat(4_094)];
    const written = [...texts, ...texts].map((text) => encodeUtf8With(text, tail));
    for (const [at, octets] of written.entries()) {
      expect(octets).toEqual(Uint8Array.of(...encodeUtf8(texts[at % texts.length] ?? ''), ...tail));
    }
  });

  it('[RFC 3261 7] stands in for what is no UTF-8 where the text is refused anyway', () => {
    expect(decodeLossy(Uint8Array.of(97, 0xff, 98))).toBe('a\ufffdb');
  });
});

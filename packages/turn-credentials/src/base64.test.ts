import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

describe('Base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('[RFC 4648 10] writes "%s" as "%s", and reads it', (plain, encoded) => {
    expect(encodeBase64(new TextEncoder().encode(plain))).toBe(encoded);
    expect(decodeBase64(encoded)).toEqual(new TextEncoder().encode(plain));
  });

  it('[RFC 4648 4] uses the last two characters of the alphabet', () => {
    expect(encodeBase64(new Uint8Array([0xfb, 0xff, 0xbf]))).toBe('+/+/');
  });

  it('[RFC 4648 4] reads what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
        expect(decodeBase64(encodeBase64(octets))).toEqual(octets);
      }),
    );
  });

  it.each(['Zg', 'Zg=', 'Zg===', 'Z===', '====', '=', 'Zh==', 'Zm9', 'Zm9=', 'Zm-v', 'Zm9v\n', ' Zm9v', 'Zg==Zg=='])(
    '[RFC 4648 3] refuses %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});

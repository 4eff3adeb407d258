import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { octets } from '../test/octets.ts';
import { rand } from '../test/subscriber.ts';
import { formatAkaNonce, parseAkaNonce } from './aka-nonce.ts';
import { formatAuts, parseAuts } from './auts-parameter.ts';
import { AkaError } from './errors.ts';

const autn = octets('55f328b43577b9b94a9ffac354dfafb3');
const nonce = 'I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M=';

describe('[RFC 3310 3.2] nonce', () => {
  it('is base64 of RAND and AUTN', () => {
    expect(formatAkaNonce({ rand, autn })).toBe(nonce);
    expect(parseAkaNonce(nonce)).toEqual({ rand, autn, serverData: new Uint8Array() });
  });

  it('carries what the server adds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), (serverData) => {
        expect(parseAkaNonce(formatAkaNonce({ rand, autn, serverData }))).toEqual({ rand, autn, serverData });
      }),
    );
  });

  it.each([
    { fault: 'nothing', text: '' },
    { fault: '31 octets', text: `${'A'.repeat(40)}AA==` },
    { fault: 'no padding', text: nonce.slice(0, -1) },
    { fault: 'a colon', text: nonce.replace('/', ':') },
    { fault: 'hexadecimal digits of an odd number', text: 'abc' },
    { fault: '1028 characters', text: 'A'.repeat(1028) },
    { fault: 'a megabyte', text: 'A'.repeat(1_048_576) },
  ])('is refused with $fault', ({ text }) => {
    expect(() => parseAkaNonce(text)).toThrow(expect.objectContaining({ code: 'ERR_AKA_NONCE_MALFORMED' }));
  });

  it('any text is refused or comes back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String({ minLength: 40 }), fc.string()), (text) => {
        try {
          expect(formatAkaNonce(parseAkaNonce(text))).toBe(text);
        } catch (error) {
          expect(error).toBeInstanceOf(AkaError);
        }
      }),
    );
  });

  it.each([
    { what: 'a short RAND', input: { rand: rand.subarray(1), autn } },
    { what: 'a long AUTN', input: { rand, autn: new Uint8Array(17) } },
    { what: 'a kilobyte of server data', input: { rand, autn, serverData: new Uint8Array(1024) } },
  ])('is not written of $what', ({ input }) => {
    expect(() => formatAkaNonce(input)).toThrow(TypeError);
  });
});

describe('[RFC 3310 3.4] auts', () => {
  const auts = octets('ba853f3c123ccf44e93596e355c6');

  it('is base64 of 14 octets', () => {
    expect(formatAuts(auts)).toBe('uoU/PBI8z0TpNZbjVcY=');
    expect(parseAuts('uoU/PBI8z0TpNZbjVcY=')).toEqual(auts);
  });

  it.each([
    { fault: 'nothing', text: '' },
    { fault: '13 octets', text: 'uoU/PBI8z0TpNZbjVQ==' },
    { fault: '15 octets', text: 'uoU/PBI8z0TpNZbjVcYA' },
    { fault: 'no padding', text: 'uoU/PBI8z0TpNZbjVcY' },
    { fault: 'a line end', text: 'uoU/PBI8z0TpNZbjVcY\n' },
    { fault: 'a megabyte', text: 'A'.repeat(1_048_576) },
  ])('is refused with $fault', ({ text }) => {
    expect(() => parseAuts(text)).toThrow(expect.objectContaining({ code: 'ERR_AKA_AUTS_MALFORMED' }));
  });

  it.each([13, 15])('is not written of %d octets', (length) => {
    expect(() => formatAuts(new Uint8Array(length))).toThrow(TypeError);
  });
});

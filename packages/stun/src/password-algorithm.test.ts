import { describe, expect, it } from 'vitest';
import { decodePasswordAlgorithms, encodePasswordAlgorithms } from './password-algorithm.ts';

describe('PASSWORD-ALGORITHMS', () => {
  it('[RFC 8489 14.11] writes and reads MD5 and SHA-256', () => {
    const value = encodePasswordAlgorithms(['SHA-256', 'MD5']);
    expect(value.toString('hex')).toBe('0002000000010000');
    expect(decodePasswordAlgorithms(value)).toEqual(['SHA-256', 'MD5']);
  });

  it.each([
    { what: 'nothing', hex: '', found: [] },
    { what: 'an unknown one', hex: '0003000000010000', found: ['MD5'] },
    { what: 'one with parameters', hex: '0002000301020300' + '00010000', found: ['MD5'] },
    { what: 'parameters whose padding is left out', hex: '00010000' + '00030001ff', found: ['MD5'] },
  ])('[RFC 8489 14.11] reads $what', ({ hex, found }) => {
    expect(decodePasswordAlgorithms(Buffer.from(hex, 'hex'))).toEqual(found);
  });

  it.each([
    { fault: 'half an entry', hex: '0001' },
    { fault: 'a tail', hex: '00010000ff' },
    { fault: '17 entries', hex: '00010000'.repeat(17) },
  ])('[RFC 8489 14.11] refuses $fault', ({ hex }) => {
    expect(() => decodePasswordAlgorithms(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'ERR_STUN_ATTRIBUTE_MALFORMED' }),
    );
  });
});

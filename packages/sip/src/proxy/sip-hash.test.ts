import { describe, expect, it } from 'vitest';
import { sipHash, sipHashKey } from './sip-hash.ts';

const key = Uint8Array.from({ length: 16 }, (_, at) => at);
const upTo = (length: number): string => String.fromCharCode(...Array.from({ length }, (_, at) => at));

describe('sipHash', () => {
  it.each([
    { source: 'appendix A of the paper', text: upTo(15), hash: 'a129ca6149be45e5' },
    { source: 'the first of the reference vectors', text: '', hash: '726fdb47dd0e0e31' },
    { source: 'the second of the reference vectors', text: upTo(1), hash: '74f839c593dc67fd' },
  ])('[SipHash 2012] gives $hash: $source', ({ text, hash }) => {
    expect(sipHash(key, text)).toBe(hash);
  });

  it('[SipHash 2012] depends on each character and on the key', () => {
    const hashes = ['a', 'b', 'a ', 'ab', 'abcdefgh', 'abcdefghi', 'ä'].map((text) => sipHash(key, text));
    expect(new Set([...hashes, sipHash(sipHashKey('secret'), 'a')]).size).toBe(8);
  });

  it('[SipHash 2012] makes keys of secrets, and takes no other ones', () => {
    expect(sipHashKey('secret')).toHaveLength(16);
    expect(sipHashKey('secret')).toEqual(sipHashKey('secret'));
    expect(sipHashKey('secret')).not.toEqual(sipHashKey('secrets'));
    expect(() => sipHash(new Uint8Array(15), 'a')).toThrow(TypeError);
  });
});

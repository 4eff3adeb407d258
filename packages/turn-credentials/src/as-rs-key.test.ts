import { describe, expect, it } from 'vitest';
import { parseAsRsKeys } from './as-rs-key.ts';
import { encodeBase64 } from './base64.ts';

const long = encodeBase64(new Uint8Array(32).fill(1));
const short = encodeBase64(new Uint8Array(16).fill(2));
const good = { kid: '2026-11', algorithm: 'A256GCM', key: long };

describe('Key file', () => {
  it('[RFC 7635 4.1] reads keys of both algorithms, in their order', () => {
    const text = JSON.stringify([good, { kid: 'north', algorithm: 'A128GCM', key: short }]);
    expect(parseAsRsKeys(text)).toEqual([
      { kid: '2026-11', algorithm: 'A256GCM', key: new Uint8Array(32).fill(1) },
      { kid: 'north', algorithm: 'A128GCM', key: new Uint8Array(16).fill(2) },
    ]);
  });

  it('[RFC 7635 4.1] takes 16 keys and not one more', () => {
    const many = Array.from({ length: 17 }, (_, at) => ({ ...good, kid: `k${at}` }));
    expect(parseAsRsKeys(JSON.stringify(many.slice(1)))).toHaveLength(16);
    expect(() => parseAsRsKeys(JSON.stringify(many))).toThrow('key file: expected a list of 1 to 16 keys');
  });

  it.each([
    { fault: 'nothing', text: '', names: 'key file' },
    { fault: 'no JSON', text: `[${long}`, names: 'key file' },
    { fault: 'no list', text: JSON.stringify(good), names: 'key file' },
    { fault: 'an empty list', text: '[]', names: 'key file' },
    { fault: 'a file too long', text: `[${' '.repeat(16_384)}]`, names: 'key file' },
    { fault: 'an entry of null', text: '[null]', names: 'entry 1' },
    { fault: 'a field more', text: JSON.stringify([{ ...good, lifetime: 1 }]), names: 'entry 1' },
    { fault: 'no kid', text: JSON.stringify([{ ...good, kid: undefined }]), names: 'entry 1, kid' },
    { fault: 'a kid of nothing', text: JSON.stringify([{ ...good, kid: '' }]), names: 'entry 1, kid' },
    { fault: 'a kid with a space', text: JSON.stringify([{ ...good, kid: 'a b' }]), names: 'entry 1, kid' },
    { fault: 'a kid too long', text: JSON.stringify([{ ...good, kid: 'k'.repeat(128) }]), names: 'entry 1, kid' },
    { fault: 'a kid twice', text: JSON.stringify([good, { ...good, key: long }]), names: 'entry 2, kid' },
    {
      fault: 'another algorithm',
      text: JSON.stringify([{ ...good, algorithm: 'A192GCM' }]),
      names: 'entry 1, algorithm',
    },
    {
      fault: 'an object’s member as algorithm',
      text: JSON.stringify([{ ...good, algorithm: 'constructor' }]),
      names: 'entry 1, algorithm',
    },
    { fault: 'a key too short', text: JSON.stringify([{ ...good, key: short }]), names: 'entry 1, key' },
    {
      fault: 'a key too long',
      text: JSON.stringify([good, { kid: 'b', algorithm: 'A128GCM', key: long }]),
      names: 'entry 2, key',
    },
    { fault: 'a key that is no base64', text: JSON.stringify([{ ...good, key: '!' }]), names: 'entry 1, key' },
    { fault: 'a key that is no text', text: JSON.stringify([{ ...good, key: 1 }]), names: 'entry 1, key' },
  ])('[RFC 7635 4.1] refuses $fault, names the place and keeps the value', ({ text, names }) => {
    const call = (): unknown => parseAsRsKeys(text);
    expect(call).toThrow(
      expect.objectContaining({
        code: 'ERR_TURN_AS_RS_KEYS_MALFORMED',
        message: expect.stringMatching(`^${names}: expected`),
      }),
    );
    expect(call).not.toThrow(long.slice(0, 8));
  });
});

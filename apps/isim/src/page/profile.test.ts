import { describe, expect, it } from 'vitest';
import { readProfile } from './profile.ts';

const given = {
  impi: 'erik@ims.example',
  impu: 'sip:erik@ims.example',
  k: '465b5ce8b199b49faa5f0a2ee238a6bc',
  op: 'cdc202d5123e20f62b6d676ac72cb318',
};

const hex = (octets: Uint8Array) => [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
const read = (changes: object = {}) => readProfile(JSON.stringify({ ...given, ...changes }));

describe('a profile', () => {
  it('[TS 35.206 4.1] has OPc made of OP', () => {
    const { impi, impu, k, opc, amf, sqn } = read({ sqn: '000000000020' });
    expect([impi, impu, hex(k), hex(opc), hex(amf), sqn]).toEqual([
      given.impi,
      given.impu,
      given.k,
      'cd63cb71954a9f4e48a5994e37a02baf',
      '8000',
      32,
    ]);
  });

  it('[TS 35.206 4.1] has OPc as given', () => {
    const opc = 'CD63CB71954A9F4E48A5994E37A02BAF';
    expect(hex(read({ op: undefined, opc }).opc)).toBe(opc.toLowerCase());
  });

  it('[contract] has names in upper or lower case', () => {
    const { impi, impu, k, op } = given;
    const text = JSON.stringify({ impi, impu, K: k, OP: op, AMF: '8000', SQN: '000000000000' });
    expect(readProfile(text)).toEqual(read({ sqn: '000000000000' }));
  });

  it.each([
    ['nothing', ''],
    ['K twice', JSON.stringify({ ...given, K: given.k })],
    ['no object', '[]'],
    ['another field', JSON.stringify({ ...given, pin: '1234' })],
    ['no K', JSON.stringify({ ...given, k: undefined })],
    ['a short K', JSON.stringify({ ...given, k: 'ab' })],
    ['OP and OPc', JSON.stringify({ ...given, opc: given.op })],
    ['neither', JSON.stringify({ ...given, op: undefined })],
    ['no IMPI', JSON.stringify({ ...given, impi: 'erik' })],
    ['an IMPU with a header in it', JSON.stringify({ ...given, impu: 'sip:e@x\r\nVia: y' })],
    ['a number', JSON.stringify({ ...given, sqn: 32 })],
    ['an SQN of 7 octets', JSON.stringify({ ...given, sqn: '00000000000020' })],
    ['a prototype', '{"__proto__":{"k":"465b5ce8b199b49faa5f0a2ee238a6bc"}}'],
    ['too much', ' '.repeat(4_097)],
  ])('[contract] with %s is refused, and no value repeated', (_what, text) => {
    let message = '';
    try {
      readProfile(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_ISIM_PROFILE_MALFORMED' });
      message = (error as Error).message;
    }
    expect(message).toContain('expected');
    for (const value of Object.values(given)) expect(message).not.toContain(value);
  });
});

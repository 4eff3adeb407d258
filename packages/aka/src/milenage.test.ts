import { describe, expect, it } from 'vitest';
import { milenageSets } from '../test/milenage-sets.ts';
import { hex, octets } from '../test/octets.ts';
import { keys, milenage, rand } from '../test/subscriber.ts';
import { createMilenage, deriveOpc } from './milenage.ts';

describe.each(milenageSets)('[TS 35.207] test set $set', (set) => {
  const { f1, f1Star, f2345, f5Star } = createMilenage({ k: octets(set.k), opc: octets(set.opc) });
  const challenge = octets(set.rand);

  it('OPc', () => expect(hex(deriveOpc(octets(set.k), octets(set.op)))).toBe(set.opc));
  it('f1', () => expect(hex(f1(challenge, octets(set.sqn), octets(set.amf)))).toBe(set.f1));
  it('f1*', () => expect(hex(f1Star(challenge, octets(set.sqn), octets(set.amf)))).toBe(set.f1Star));
  it('f2', () => expect(hex(f2345(challenge).res)).toBe(set.f2));
  it('f3', () => expect(hex(f2345(challenge).ck)).toBe(set.f3));
  it('f4', () => expect(hex(f2345(challenge).ik)).toBe(set.f4));
  it('f5', () => expect(hex(f2345(challenge).ak)).toBe(set.f5));
  it('f5*', () => expect(hex(f5Star(challenge))).toBe(set.f5Star));
});

describe('[TS 35.206 4.1] Milenage', () => {
  const sqn = new Uint8Array(6);
  const amf = new Uint8Array(2);
  const short = new Uint8Array(15);
  const long = new Uint8Array(17);

  it.each([
    { what: 'a short K', call: () => createMilenage({ ...keys, k: short }), name: 'K' },
    { what: 'a long K', call: () => createMilenage({ ...keys, k: long }), name: 'K' },
    { what: 'K of 32 octets', call: () => createMilenage({ ...keys, k: new Uint8Array(32) }), name: 'K' },
    { what: 'a short OPc', call: () => createMilenage({ ...keys, opc: short }), name: 'OPc' },
    { what: 'K in text', call: () => createMilenage({ ...keys, k: 'k'.repeat(16) as never }), name: 'K' },
    { what: 'a short K for OPc', call: () => deriveOpc(short, keys.opc), name: 'K' },
    { what: 'a long OP', call: () => deriveOpc(keys.k, long), name: 'OP' },
    { what: 'a short RAND in f1', call: () => milenage.f1(short, sqn, amf), name: 'RAND' },
    { what: 'a long RAND in f2345', call: () => milenage.f2345(long), name: 'RAND' },
    { what: 'a short RAND in f5*', call: () => milenage.f5Star(short), name: 'RAND' },
    { what: 'a long SQN', call: () => milenage.f1(rand, new Uint8Array(7), amf), name: 'SQN' },
    { what: 'a short AMF', call: () => milenage.f1Star(rand, sqn, new Uint8Array(1)), name: 'AMF' },
  ])('refuses $what', ({ call, name }) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(new RegExp(`^${name}: expected \\d+ octets$`, 'u'));
  });

  it('keeps its keys when the caller overwrites his', () => {
    const own = { k: keys.k.slice(), opc: keys.opc.slice() };
    const { f5Star } = createMilenage(own);
    own.k.fill(0);
    own.opc.fill(0);
    expect(hex(f5Star(rand))).toBe(milenageSets[0].f5Star);
  });

  it('shows no key to who prints it', () => {
    expect(JSON.stringify(milenage)).toBe('{}');
    expect(Object.values(milenage).every((value) => typeof value === 'function')).toBe(true);
  });
});

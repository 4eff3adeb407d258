import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { milenageSets } from '../test/milenage-sets.ts';
import { flipBit, hex, octets } from '../test/octets.ts';
import { amf, milenage, rand } from '../test/subscriber.ts';
import { type AuthenticateResult, authenticate } from './authenticate.ts';
import { createAuthenticationVector } from './authentication-vector.ts';
import { openAuts } from './auts.ts';
import { nextSqn, resynchroniseSqn } from './home-sequence.ts';
import { createMilenage } from './milenage.ts';
import { decodeSqn, joinSqn, maxSeq } from './sequence-number.ts';
import { createSequenceState, type SequenceState } from './sequence-state.ts';

const fresh = createSequenceState();
const sqnOf = (seq: number, ind = 0): number => joinSqn({ seq, ind });
const challenge = (sqn: number): Uint8Array => createAuthenticationVector({ milenage, amf, sqn, rand }).autn;

function answer(sqn: number, state: SequenceState = fresh): AuthenticateResult {
  return authenticate({ milenage, state, rand, autn: challenge(sqn) }).result;
}

describe('[TS 33.102 6.3.2] a vector', () => {
  it.each(milenageSets)('of set $set', (set) => {
    const functions = createMilenage({ k: octets(set.k), opc: octets(set.opc) });
    const sqn = decodeSqn(octets(set.sqn));
    const input = { milenage: functions, amf: octets(set.amf), sqn, rand: octets(set.rand) };
    const vector = createAuthenticationVector(input);
    const hidden = octets(set.sqn).map((octet, at) => octet ^ (octets(set.f5)[at] ?? 0));
    expect(hex(vector.autn)).toBe(`${hex(hidden)}${set.amf}${set.f1}`);
    expect([vector.rand, vector.xres, vector.ck, vector.ik].map(hex)).toEqual([set.rand, set.f2, set.f3, set.f4]);

    const state = createSequenceState(sqn - 32);
    const { result } = authenticate({ milenage: functions, state, rand: vector.rand, autn: vector.autn });
    expect(result).toEqual({ outcome: 'success', res: vector.xres, ck: vector.ck, ik: vector.ik });
  });

  it('of set 1 has the AUTN of the digest examples', () => {
    const autn = createAuthenticationVector({ milenage, amf: octets('b9b9'), sqn: 0xff9bb4d0b607, rand }).autn;
    expect(hex(autn)).toBe('55f328b43577b9b94a9ffac354dfafb3');
  });

  it.each([
    { what: 'a short RAND', input: { milenage, amf, sqn: 32, rand: new Uint8Array(15) } },
    { what: 'a long AMF', input: { milenage, amf: new Uint8Array(3), sqn: 32, rand } },
    { what: 'an SQN of 49 bits', input: { milenage, amf, sqn: 2 ** 48, rand } },
  ])('is not made of $what', ({ input }) => {
    expect(() => createAuthenticationVector(input)).toThrow(TypeError);
  });
});

describe('[TS 31.103 7.1] AUTHENTICATE', () => {
  it('accepts every number of an HSS that counts', () => {
    let sqn = 0;
    let state = fresh;
    for (let round = 0; round < 100; round += 1) {
      sqn = nextSqn(sqn);
      const done = authenticate({ milenage, state, rand, autn: challenge(sqn) });
      expect(done.result.outcome).toBe('success');
      state = done.state;
    }
  });

  it('does not change the state it was given', () => {
    const before = [...fresh];
    const { state } = authenticate({ milenage, state: fresh, rand, autn: challenge(32) });
    expect(fresh).toEqual(before);
    expect(state).toEqual(fresh.with(0, 1));
  });

  it('[TS 33.102 6.3.3] sees any bit of AUTN or RAND turned over: MAC failure, the state stays', () => {
    const autn = challenge(32);
    for (let bit = 0; bit < 128; bit += 1) {
      const forged = authenticate({ milenage, state: fresh, rand, autn: flipBit(autn, bit) });
      expect(forged, `AUTN ${bit}`).toEqual({ result: { outcome: 'MAC failure' }, state: fresh });
      const moved = authenticate({ milenage, state: fresh, rand: flipBit(rand, bit), autn });
      expect(moved.result, `RAND ${bit}`).toEqual({ outcome: 'MAC failure' });
    }
  });

  it('[TS 33.102 6.3.3] looks at the MAC before the number', () => {
    const used = createSequenceState(sqnOf(500));
    const autn = flipBit(challenge(sqnOf(500)), 127);
    expect(authenticate({ milenage, state: used, rand, autn }).result).toEqual({ outcome: 'MAC failure' });
  });

  it('[TS 33.102 6.3.3] does not know another network', () => {
    const [, set2] = milenageSets;
    const stranger = createMilenage({ k: octets(set2?.k ?? ''), opc: octets(set2?.opc ?? '') });
    const { autn } = createAuthenticationVector({ milenage: stranger, amf, sqn: 32, rand });
    expect(authenticate({ milenage, state: fresh, rand, autn }).result).toEqual({ outcome: 'MAC failure' });
  });

  const at500 = createSequenceState(sqnOf(500));
  const atEnd = createSequenceState(sqnOf(maxSeq));
  it.each([
    { what: 'the last number again', sqn: sqnOf(500), state: at500 },
    { what: 'an older number', sqn: sqnOf(499), state: at500 },
    { what: 'one too far ahead', sqn: sqnOf(501 + 2 ** 28), state: at500 },
    { what: 'the last number of all', sqn: sqnOf(maxSeq), state: at500 },
    { what: 'zero', sqn: 0, state: fresh },
    { what: 'a wrap', sqn: sqnOf(0, 1), state: atEnd },
    { what: 'a wrap by one more', sqn: sqnOf(1), state: atEnd },
  ])('[TS 33.102 6.3.3] answers AUTS to $what, and the state stays', ({ sqn, state }) => {
    const done = authenticate({ milenage, state, rand, autn: challenge(sqn) });
    expect(done.state).toBe(state);
    if (done.result.outcome !== 'synchronisation failure') throw new Error(done.result.outcome);
    expect(openAuts(milenage, rand, done.result.auts)).toBe((state[0] ?? 0) * 32);
  });

  it.each([0, 15, 17])('refuses RAND or AUTN of %d octets', (length) => {
    const wrong = new Uint8Array(length);
    const autn = challenge(32);
    expect(() => authenticate({ milenage, state: fresh, rand: wrong, autn })).toThrow('RAND: expected 16 octets');
    expect(() => authenticate({ milenage, state: fresh, rand, autn: wrong })).toThrow('AUTN: expected 16 octets');
    expect(() => authenticate({ milenage, state: fresh, rand, autn: wrong })).toThrow(TypeError);
  });
});

describe('[TS 33.102 6.3.5] resynchronisation', () => {
  it('brings any HSS and any ISIM together in one step', () => {
    const seq = fc.integer({ min: 0, max: maxSeq - 1 });
    fc.assert(
      fc.property(seq, seq, fc.nat({ max: 31 }), (seqHe, seqMs, ind) => {
        const state = createSequenceState(sqnOf(seqMs));
        const offered = nextSqn(sqnOf(seqHe, ind));
        const first = answer(offered, state);
        if (first.outcome === 'success') return;
        if (first.outcome === 'MAC failure') throw new Error(first.outcome);
        const sqnHe = resynchroniseSqn({ milenage, rand, auts: first.auts, sqnHe: offered });
        expect(answer(nextSqn(sqnHe), state).outcome).toBe('success');
      }),
    );
  });

  it('is not taken back by an AUTS of the past', () => {
    const old = answer(32, createSequenceState(sqnOf(10)));
    if (old.outcome !== 'synchronisation failure') throw new Error(old.outcome);
    const sqnHe = sqnOf(700);
    expect(resynchroniseSqn({ milenage, rand, auts: old.auts, sqnHe })).toBe(sqnHe);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { milenageSets } from '../test/milenage-sets.ts';
import { flipBit, hex, octets } from '../test/octets.ts';
import { milenage, rand } from '../test/subscriber.ts';
import { createAuts, openAuts } from './auts.ts';
import { AutsRejected } from './errors.ts';
import { nextSqn, resynchroniseSqn } from './home-sequence.ts';
import { createMilenage } from './milenage.ts';
import { joinSqn, maxSeq, splitSqn } from './sequence-number.ts';

const sqnMs = 0xff9bb4d0b607;
const auts = octets('ba853f3c123ccf44e93596e355c6');
const rejected = expect.objectContaining({ code: 'ERR_AKA_AUTS_REJECTED' });

describe('[TS 33.102 6.3.3] AUTS', () => {
  it('hides SQN_MS by f5* and proves it by f1* with AMF 0000', () => {
    expect(hex(createAuts(milenage, rand, sqnMs))).toBe(hex(auts));
    expect(openAuts(milenage, rand, auts)).toBe(sqnMs);
  });

  it.each(milenageSets)('opens to the same number with the keys of set $set', (set) => {
    const functions = createMilenage({ k: octets(set.k), opc: octets(set.opc) });
    const challenge = octets(set.rand);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (sqn) => {
        expect(openAuts(functions, challenge, createAuts(functions, challenge, sqn))).toBe(sqn);
      }),
    );
  });

  it('is rejected with any bit turned over', () => {
    for (let bit = 0; bit < 8 * auts.length; bit += 1)
      expect(() => openAuts(milenage, rand, flipBit(auts, bit)), `${bit}`).toThrow(AutsRejected);
  });

  it('is rejected for another RAND', () => {
    expect(() => openAuts(milenage, flipBit(rand, 0), auts)).toThrow(rejected);
  });

  it('is rejected of another subscriber', () => {
    const [, set2] = milenageSets;
    const stranger = createMilenage({ k: octets(set2?.k ?? ''), opc: octets(set2?.opc ?? '') });
    expect(() => openAuts(stranger, rand, auts)).toThrow(rejected);
  });

  it('is rejected with MAC-A in the place of MAC-S', () => {
    const forged = auts.slice();
    forged.set(milenage.f1(rand, octets('ff9bb4d0b607'), new Uint8Array(2)), 6);
    expect(() => openAuts(milenage, rand, forged)).toThrow(rejected);
  });

  it.each([0, 13, 15])('of %d octets is refused', (length) => {
    expect(() => openAuts(milenage, rand, new Uint8Array(length))).toThrow(TypeError);
  });

  it.each([15, 17])('for a RAND of %d octets is refused', (length) => {
    expect(() => openAuts(milenage, new Uint8Array(length), auts)).toThrow(TypeError);
    expect(() => createAuts(milenage, new Uint8Array(length), sqnMs)).toThrow(TypeError);
  });
});

describe('[TS 33.102 6.3.5] resynchronisation at the HSS', () => {
  const { seq } = splitSqn(sqnMs);
  const he = (distance: number): number => joinSqn({ seq: seq + distance, ind: 0 });

  it.each([
    { position: 'far behind', sqnHe: 32, expected: sqnMs },
    { position: 'one behind', sqnHe: he(-1), expected: sqnMs },
    { position: 'level', sqnHe: he(0), expected: he(0) },
    { position: 'ahead', sqnHe: he(1000), expected: he(1000) },
    { position: 'ahead as far as may be', sqnHe: he(2 ** 28 - 1), expected: he(2 ** 28 - 1) },
    { position: 'too far ahead', sqnHe: he(2 ** 28), expected: sqnMs },
    { position: 'at the end', sqnHe: joinSqn({ seq: maxSeq, ind: 0 }), expected: sqnMs },
  ])('SQN_HE $position', ({ sqnHe, expected }) => {
    expect(resynchroniseSqn({ milenage, rand, auts, sqnHe })).toBe(expected);
  });

  it('SQN_HE at the end goes back to SQN_MS however near', () => {
    const nearEnd = createAuts(milenage, rand, joinSqn({ seq: maxSeq - 5, ind: 0 }));
    const sqnHe = joinSqn({ seq: maxSeq, ind: 0 });
    expect(resynchroniseSqn({ milenage, rand, auts: nearEnd, sqnHe })).toBe(joinSqn({ seq: maxSeq - 5, ind: 0 }));
  });

  it('goes by the delta of the cards', () => {
    expect(resynchroniseSqn({ milenage, rand, auts, sqnHe: he(10), delta: 10 })).toBe(sqnMs);
  });

  it.each([32, he(1000)])('a wrong AUTS changes nothing, SQN_HE %d or not', (sqnHe) => {
    expect(() => resynchroniseSqn({ milenage, rand, auts: flipBit(auts, 111), sqnHe })).toThrow(rejected);
  });

  it('says nothing secret where it fails', () => {
    const message = new AutsRejected().message;
    expect(message).toBe('AUTS: expected the MAC-S of this RAND');
  });
});

describe('[TS 33.102 C.1.1.2] the next number', () => {
  it.each([
    { sqnHe: 0, index: undefined, next: 33 },
    { sqnHe: 0, index: 0, next: 32 },
    { sqnHe: 32, index: undefined, next: 65 },
    { sqnHe: joinSqn({ seq: 7, ind: 31 }), index: undefined, next: joinSqn({ seq: 8, ind: 0 }) },
    { sqnHe: joinSqn({ seq: 7, ind: 31 }), index: 31, next: joinSqn({ seq: 8, ind: 31 }) },
    { sqnHe: joinSqn({ seq: maxSeq - 1, ind: 0 }), index: 5, next: joinSqn({ seq: maxSeq, ind: 5 }) },
  ])('after $sqnHe with index $index is $next', ({ sqnHe, index, next }) => {
    expect(nextSqn(sqnHe, index)).toBe(next);
  });

  it.each([0, 31])('[TS 33.102 C.2.1] never wraps, IND %d or not', (ind) => {
    expect(() => nextSqn(joinSqn({ seq: maxSeq, ind }))).toThrow(
      expect.objectContaining({ code: 'ERR_AKA_SQN_EXHAUSTED' }),
    );
  });

  it.each([-1, 32, 0.5])('refuses index %d', (index) => {
    expect(() => nextSqn(0, index)).toThrow(TypeError);
  });
});

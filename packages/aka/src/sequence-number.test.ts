import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, octets } from '../test/octets.ts';
import { decodeSqn, encodeSqn, joinSqn, maxSeq, splitSqn } from './sequence-number.ts';

const table = [
  { sqn: 0, seq: 0, ind: 0, digits: '000000000000' },
  { sqn: 31, seq: 0, ind: 31, digits: '00000000001f' },
  { sqn: 32, seq: 1, ind: 0, digits: '000000000020' },
  { sqn: 2 ** 32, seq: 2 ** 27, ind: 0, digits: '000100000000' },
  { sqn: 0xff9bb4d0b607, seq: 0x7fcdda685b0, ind: 7, digits: 'ff9bb4d0b607' },
  { sqn: 2 ** 48 - 1, seq: maxSeq, ind: 31, digits: 'ffffffffffff' },
];

describe('[TS 33.102 C.3.2] SQN', () => {
  it.each(table)('$digits is SEQ $seq and IND $ind', ({ sqn, seq, ind, digits }) => {
    expect(splitSqn(sqn)).toEqual({ seq, ind });
    expect(joinSqn({ seq, ind })).toBe(sqn);
    expect(hex(encodeSqn(sqn))).toBe(digits);
    expect(decodeSqn(octets(digits))).toBe(sqn);
  });

  it('comes through octets and parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (sqn) => {
        expect(decodeSqn(encodeSqn(sqn))).toBe(sqn);
        expect(joinSqn(splitSqn(sqn))).toBe(sqn);
      }),
    );
  });

  it('is read from the middle of other octets', () => {
    expect(decodeSqn(octets('aaff9bb4d0b607aa').subarray(1, 7))).toBe(0xff9bb4d0b607);
  });

  it.each([-1, 0.5, 2 ** 48, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (sqn) => {
    expect(() => splitSqn(sqn)).toThrow(TypeError);
    expect(() => encodeSqn(sqn)).toThrow(TypeError);
  });

  it.each([
    { seq: maxSeq + 1, ind: 0 },
    { seq: -1, ind: 0 },
    { seq: 0, ind: 32 },
    { seq: 0, ind: -1 },
    { seq: 0, ind: 1.5 },
  ])('refuses SEQ $seq with IND $ind', (parts) => {
    expect(() => joinSqn(parts)).toThrow(TypeError);
  });

  it.each([5, 7])('refuses %d octets', (length) => {
    expect(() => decodeSqn(new Uint8Array(length))).toThrow(TypeError);
  });
});

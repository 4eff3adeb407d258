import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinSqn, maxSeq } from './sequence-number.ts';
import { acceptSqn, checkSqn, createSequenceState, highestSqn, readSequenceState } from './sequence-state.ts';

/** 100 everywhere, but 120 with IND 3. */
const state = acceptSqn(createSequenceState(joinSqn({ seq: 100, ind: 0 })), joinSqn({ seq: 120, ind: 3 }));

describe('[TS 33.102 C.2.2] freshness in the array', () => {
  it.each([
    { seq: 121, ind: 3, verdict: 'fresh' },
    { seq: 120, ind: 3, verdict: 'used' },
    { seq: 119, ind: 3, verdict: 'used' },
    { seq: 101, ind: 4, verdict: 'fresh' },
    { seq: 100, ind: 4, verdict: 'used' },
    { seq: 120, ind: 4, verdict: 'fresh' },
    { seq: 0, ind: 31, verdict: 'used' },
  ] as const)('SEQ $seq with IND $ind is $verdict', ({ verdict, ...parts }) => {
    expect(checkSqn(state, joinSqn(parts))).toBe(verdict);
  });

  it('a number is accepted once', () => {
    fc.assert(
      fc.property(fc.nat({ max: 31 }), fc.integer({ min: 101, max: 1000 }), (ind, seq) => {
        const sqn = joinSqn({ seq, ind });
        expect(checkSqn(acceptSqn(state, sqn), sqn)).toBe('used');
      }),
    );
  });

  it('the 32 numbers of a round may come in any order', () => {
    const round = Array.from({ length: 32 }, (_, ind) => joinSqn({ seq: 121 + ind, ind }));
    const order = fc.shuffledSubarray(round, { minLength: 32 });
    fc.assert(
      fc.property(order, (numbers) => {
        let now = state;
        for (const sqn of numbers) {
          expect(checkSqn(now, sqn)).toBe('fresh');
          now = acceptSqn(now, sqn);
        }
        expect(highestSqn(now)).toBe(joinSqn({ seq: 152, ind: 31 }));
      }),
    );
  });

  it.each([
    { seq: 116, verdict: 'fresh' },
    { seq: 115, verdict: 'too old' },
    { seq: 1, verdict: 'too old' },
  ] as const)('with an age limit of 5 below 120, SEQ $seq is $verdict', ({ seq, verdict }) => {
    expect(checkSqn(state, joinSqn({ seq, ind: 4 }), { ageLimit: 5 })).toBe(verdict);
  });
});

describe('[TS 33.102 C.2.1] wrap-around', () => {
  it.each([
    { seq: 120 + 2 ** 28, rules: {}, verdict: 'fresh' },
    { seq: 121 + 2 ** 28, rules: {}, verdict: 'too far ahead' },
    { seq: maxSeq, rules: {}, verdict: 'too far ahead' },
    { seq: 130, rules: { delta: 10 }, verdict: 'fresh' },
    { seq: 131, rules: { delta: 10 }, verdict: 'too far ahead' },
  ] as const)('SEQ $seq after 120 with $rules is $verdict', ({ seq, rules, verdict }) => {
    expect(checkSqn(state, joinSqn({ seq, ind: 9 }), rules)).toBe(verdict);
  });

  it('after the last number nothing is fresh', () => {
    const full = createSequenceState(joinSqn({ seq: maxSeq, ind: 0 }));
    expect(checkSqn(full, joinSqn({ seq: maxSeq, ind: 1 }))).toBe('used');
    expect(checkSqn(full, joinSqn({ seq: 0, ind: 1 }))).toBe('used');
    expect(checkSqn(full, joinSqn({ seq: 1, ind: 1 }))).toBe('used');
  });

  it.each([0, -1, 1.5, Number.NaN, maxSeq + 1])('refuses %d as a limit', (limit) => {
    expect(() => checkSqn(state, 0, { delta: limit })).toThrow(TypeError);
    expect(() => checkSqn(state, 0, { ageLimit: limit })).toThrow(TypeError);
  });
});

describe('[TS 33.102 C.2.2] SQN_MS', () => {
  it('is the highest SEQ with its IND', () => {
    expect(highestSqn(state)).toBe(joinSqn({ seq: 120, ind: 3 }));
    expect(highestSqn(createSequenceState())).toBe(0);
  });
});

describe('what a store gives', () => {
  it('is read as it was saved', () => {
    expect(readSequenceState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it.each([
    { fault: 'nothing', stored: null },
    { fault: 'text', stored: '[]' },
    { fault: 'too few', stored: state.slice(1) },
    { fault: 'too many', stored: [...state, 1] },
    { fault: 'a fraction', stored: state.with(5, 0.5) },
    { fault: 'a negative', stored: state.with(5, -1) },
    { fault: 'more than 43 bits', stored: state.with(5, maxSeq + 1) },
    { fault: 'a number in text', stored: state.with(5, '7' as never) },
  ])('is refused with $fault', ({ stored }) => {
    expect(() => readSequenceState(stored)).toThrow(
      expect.objectContaining({ code: 'ERR_AKA_SEQUENCE_STATE_MALFORMED' }),
    );
  });
});

/**
 * Sequence numbers at the ISIM: the array scheme (TS 33.102 C.2.1, C.2.2).
 *
 * The state is the highest SEQ that was accepted with each IND. SEQ_MS is the highest of them all.
 *
 * @module
 */
import { SequenceStateMalformed } from './errors.ts';
import { indexCount, joinSqn, maxSeq, splitSqn } from './sequence-number.ts';

/** 32 values of SEQ, one for each IND. */
export type SequenceState = readonly number[];

/** What an operator chooses for the cards. */
export interface SequenceRules {
  /** How far SEQ may lie above SEQ_MS, so that nobody forces the counter to its end; 2^28 in all profiles. */
  readonly delta?: number;
  /** L: SEQ lies less than this below SEQ_MS. Undefined: no matter how old. */
  readonly ageLimit?: number | undefined;
}

export type SqnVerdict = 'fresh' | 'too far ahead' | 'too old' | 'used';

export const defaultDelta: number = 2 ** 28;

/** As if `sqn` were the last number of every IND: nothing up to its SEQ is accepted. */
export function createSequenceState(sqn = 0): SequenceState {
  return new Array<number>(indexCount).fill(splitSqn(sqn).seq);
}

/** @throws {TypeError} SQN or a rule is out of range. */
export function checkSqn(state: SequenceState, sqn: number, rules: SequenceRules = {}): SqnVerdict {
  const { delta, ageLimit } = readRules(rules);
  const { seq, ind } = splitSqn(sqn);
  const seqMs = Math.max(...state);
  if (seq - seqMs > delta) return 'too far ahead';
  if (ageLimit !== undefined && seqMs - seq >= ageLimit) return 'too old';
  return seq > (state[ind] ?? maxSeq) ? 'fresh' : 'used';
}

/** The state after a fresh number. */
export function acceptSqn(state: SequenceState, sqn: number): SequenceState {
  const { seq, ind } = splitSqn(sqn);
  return state.with(ind, seq);
}

/** SQN_MS: the highest SEQ and its IND, the lowest one of several. */
export function highestSqn(state: SequenceState): number {
  const seq = Math.max(...state);
  return joinSqn({ seq, ind: state.indexOf(seq) });
}

/** What a store gave. @throws {SequenceStateMalformed} */
export function readSequenceState(state: unknown): SequenceState {
  if (!Array.isArray(state) || state.length !== indexCount) {
    throw new SequenceStateMalformed(`an array of ${indexCount} numbers`);
  }
  for (const seq of state) {
    if (!Number.isInteger(seq) || seq < 0 || seq > maxSeq) throw new SequenceStateMalformed('whole numbers of 43 bits');
  }
  return [...(state as readonly number[])];
}

/** @throws {TypeError} a rule is no positive whole number of 43 bits. */
export function readRules({ delta = defaultDelta, ageLimit }: SequenceRules): {
  readonly delta: number;
  readonly ageLimit: number | undefined;
} {
  if (!isLimit(delta)) throw new TypeError('delta: expected a positive whole number of 43 bits');
  if (ageLimit !== undefined && !isLimit(ageLimit)) {
    throw new TypeError('ageLimit: expected a positive whole number of 43 bits');
  }
  return { delta, ageLimit };
}

function isLimit(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= maxSeq;
}

/**
 * Sequence numbers at the HSS: a counter of each subscriber, no clock (TS 33.102 C.1.1.2, C.1.2, C.3.2).
 *
 * SQN_HE is the last number that was given out. Whoever keeps it stores the new one before its vector leaves.
 *
 * @module
 */
import { openAuts } from './auts.ts';
import { SqnExhausted } from './errors.ts';
import type { Milenage } from './milenage.ts';
import { indexCount, joinSqn, maxSeq, splitSqn } from './sequence-number.ts';
import { defaultDelta } from './sequence-state.ts';

/**
 * The number after SQN_HE: SEQ one higher.
 *
 * IND goes round, so that a few vectors may be used out of order; an index of its own for each node that asks
 * keeps those from disturbing each other (TS 33.102 C.3.4).
 *
 * @throws {SqnExhausted} SEQ is at its maximum: nothing wraps.
 * @throws {TypeError} SQN_HE or the index is out of range.
 */
export function nextSqn(sqnHe: number, index?: number): number {
  const { seq, ind } = splitSqn(sqnHe);
  if (seq === maxSeq) throw new SqnExhausted();
  return joinSqn({ seq: seq + 1, ind: index ?? (ind + 1) % indexCount });
}

export interface Resynchronisation {
  readonly milenage: Milenage;
  /** 16 octets: that of the challenge which AUTS answers. */
  readonly rand: Uint8Array;
  /** 14 octets. */
  readonly auts: Uint8Array;
  readonly sqnHe: number;
  /** That of the ISIM: how far SEQ may jump. */
  readonly delta?: number;
}

/**
 * The new SQN_HE (TS 33.102 6.3.5): SQN_MS, or the old one where the ISIM accepts the number after that.
 *
 * So an AUTS that somebody kept does not take the counter back. It is verified in either case.
 *
 * @throws {AutsRejected} MAC-S is wrong: SQN_HE stays.
 * @throws {TypeError} a length or range is wrong.
 */
export function resynchroniseSqn(resynchronisation: Resynchronisation): number {
  const { milenage, rand, auts, sqnHe, delta = defaultDelta } = resynchronisation;
  const next = splitSqn(sqnHe).seq + 1;
  const sqnMs = openAuts(milenage, rand, auts);
  const { seq: seqMs } = splitSqn(sqnMs);
  const isAcceptable = next > seqMs && next <= maxSeq && next - seqMs <= delta;
  return isAcceptable ? sqnHe : sqnMs;
}

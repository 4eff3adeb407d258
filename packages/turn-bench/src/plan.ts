/**
 * How much the benchmark does. Every part ends when its time is up.
 *
 * @module
 */

export interface Plan {
  /** Engines take turns at each case, so many times. */
  readonly rounds: number;
  /** What is not counted at the start of each turn: buffers fill, code is compiled. */
  readonly settleMs: number;
  readonly measureMs: number;
  /** Before anything counts, each engine relays so long in each case. */
  readonly warmUpMs: number;
  /** Threads that load an engine. */
  readonly generators: number;
  /** Allocations of each generator that carry media at a time. */
  readonly flows: number;
  /** Packets of one allocation that are on the way at a time. */
  readonly window: number;
  /** Allocations that are held to see what memory they take. */
  readonly held: number;
  /** Allocate requests of each generator on the way at a time. */
  readonly concurrency: number;
}

/** About two minutes. */
export const wholePlan: Plan = {
  rounds: 3,
  settleMs: 150,
  measureMs: 700,
  warmUpMs: 300,
  generators: 2,
  flows: 4,
  window: 8,
  held: 10_000,
  concurrency: 16,
};

/** About half a minute. */
export const quickPlan: Plan = { ...wholePlan, rounds: 1, measureMs: 400, warmUpMs: 150, held: 2_000 };

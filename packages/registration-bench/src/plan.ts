/**
 * How much the benchmark does. Every part ends when its count is reached or its time is up, whichever comes first.
 *
 * @module
 */

export interface Plan {
  /** Systems and schemes take turns, so many times. */
  readonly rounds: number;
  /** Registered connections in each turn. */
  readonly connections: number;
  /** Registrations on the way at a time. */
  readonly concurrency: number;
  /** Initial registrations of a turn begin within this. */
  readonly initialMs: number;
  /** The same for re-registrations. */
  readonly repeatMs: number;
  /** Re-registrations of a turn, at most. */
  readonly repeats: number;
  /** Before anything counts, each system registers so many times by each scheme: engines compile what runs often. */
  readonly warmUps: number;
  readonly warmUpMs: number;
  /** Connections that are held to see what memory they take. */
  readonly held: number;
}

/** About a minute. */
export const wholePlan: Plan = {
  rounds: 3,
  connections: 60,
  concurrency: 8,
  initialMs: 800,
  repeatMs: 500,
  repeats: 5_000,
  warmUps: 600,
  warmUpMs: 2_000,
  held: 150,
};

/** About a quarter of a minute. */
export const quickPlan: Plan = {
  rounds: 1,
  connections: 40,
  concurrency: 8,
  initialMs: 500,
  repeatMs: 250,
  repeats: 2_000,
  warmUps: 300,
  warmUpMs: 500,
  held: 40,
};

/**
 * Work that so many do at a time, each beginning the next as soon as the last has ended.
 *
 * @module
 */

export interface LoopLimits {
  /** Pieces of work. */
  readonly count: number;
  readonly concurrency: number;
  /** None begins after that. */
  readonly timeMs: number;
}

export interface LoopOutcome {
  readonly done: number;
  readonly seconds: number;
  /** Of each piece, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

/**
 * `work` gets the number of the piece and of the one who does it; the first failure ends the loop.
 *
 * Every worker begins at least one piece, however slow the machine.
 */
export async function runLoop(
  { count, concurrency, timeMs }: LoopLimits,
  work: (piece: number, worker: number) => Promise<void>,
): Promise<LoopOutcome> {
  const latenciesMs: number[] = [];
  const begun = performance.now();
  let next = 0;
  const run = async (worker: number): Promise<void> => {
    for (let first = true; next < count && (first || performance.now() - begun < timeMs); first = false) {
      const piece = next;
      next += 1;
      const start = performance.now();
      await work(piece, worker);
      latenciesMs.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, worker) => run(worker)));
  return { done: latenciesMs.length, seconds: (performance.now() - begun) / 1_000, latenciesMs };
}

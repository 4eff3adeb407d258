/**
 * Times of operations side by side: in short rounds that take turns, so that what else the machine does meets all.
 *
 * @module
 */

export interface Operation {
  readonly name: string;
  /** What it gives back counts as used: nothing is left out as dead. */
  readonly run: () => unknown;
}

export interface Timing {
  readonly name: string;
  /** Median over the rounds, in nanoseconds an operation. */
  readonly medianNs: number;
  /** The tenth of the rounds with the least disturbance took at most this. */
  readonly bestNs: number;
}

const rounds = 101;
const roundMs = 4;
const warmUpMs = 400;

export async function measure(operations: readonly Operation[]): Promise<readonly Timing[]> {
  const batches: number[] = [];
  for (const { run } of operations) batches.push(await warmUp(run));
  const times: number[][] = operations.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { run }] of operations.entries()) {
      const batch = batches[index] ?? 1;
      times[index]?.push((await timeOf(run, batch)) / batch);
    }
  }
  return operations.map(({ name }, index) => {
    const sorted = (times[index] ?? []).toSorted((a, b) => a - b);
    return { name, medianNs: sorted[rounds >> 1] ?? 0, bestNs: sorted[Math.floor(rounds / 10)] ?? 0 };
  });
}

/** Bytes of heap that one operation allocates, buffers outside the heap left out. Needs `--expose-gc`. */
export function allocatedBytes(run: () => unknown, count = 2_000): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new TypeError('expected --expose-gc');
  repeat(run, 20_000);
  gc();
  const before = process.memoryUsage().heapUsed;
  repeat(run, count);
  return (process.memoryUsage().heapUsed - before) / count;
}

/** Runs until the engine has compiled it; gives back how many runs fill a round. */
async function warmUp(run: () => unknown): Promise<number> {
  let batch = 1;
  for (let spent = 0; spent < warmUpMs; ) {
    const ns = await timeOf(run, batch);
    spent += ns / 1e6;
    if (ns < roundMs * 1e6) batch *= 2;
  }
  return Math.max(1, Math.round((batch * roundMs * 1e6) / (await timeOf(run, batch))));
}

/** Nanoseconds; what was left to promises is done before the time is up. */
async function timeOf(run: () => unknown, count: number): Promise<number> {
  const start = process.hrtime.bigint();
  repeat(run, count);
  await Promise.resolve();
  return Number(process.hrtime.bigint() - start);
}

/** Looks at each result: what nobody looks at could be left out. */
function repeat(run: () => unknown, count: number): void {
  let missing = 0;
  for (let at = 0; at < count; at += 1) if (run() === undefined) missing += 1;
  if (missing > 0) throw new TypeError('expected a result of every run');
}

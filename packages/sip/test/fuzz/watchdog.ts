/**
 * A thread that ends the process when an execution does not end: no loop without end can look at its own clock.
 *
 * @module
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** Far above the time an execution may take, so that a busy machine does not count. */
const longestMs = 10_000;

const { progress, seed } = workerData as { readonly progress: Int32Array; readonly seed: number };

for (let last = -1; ; ) {
  // Nobody ever wakes this: it is a sleep.
  Atomics.wait(progress, 1, 0, longestMs);
  const execution = Atomics.load(progress, 0);
  if (execution === last) {
    writeSync(1, `FAILED: --seed ${seed} --only ${execution}: no end after ${longestMs} ms\n`);
    process.kill(process.pid, 'SIGKILL');
  }
  last = execution;
}

/**
 * The clock of one endpoint.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

/** What a timer of Node can wait at most, in milliseconds; what is longer would run at once. */
const longestWaitMs = 2_147_483_647;

export interface SystemClock extends Clock {
  /** Nothing that waits will run any more, and nothing new is taken on. */
  stop(): void;
}

export function createSystemClock(): SystemClock {
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;

  function after(ms: number, run: () => void): () => void {
    if (isStopped) return () => undefined;
    let stop = (): void => {
      timers.delete(timer);
      clearTimeout(timer);
    };
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        if (ms > longestWaitMs) stop = after(ms - longestWaitMs, run);
        else run();
      },
      Math.min(ms, longestWaitMs),
    );
    timers.add(timer);
    return () => stop();
  }

  return {
    now: () => Date.now(),
    after,
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

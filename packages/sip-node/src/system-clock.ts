/**
 * The clock of one endpoint.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

export interface SystemClock extends Clock {
  /** Nothing that waits will run any more, and nothing new is taken on. */
  stop(): void;
}

export function createSystemClock(): SystemClock {
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  return {
    now: () => Date.now(),
    after: (ms, run) => {
      if (isStopped) return () => undefined;
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
      }, ms);
      timers.add(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

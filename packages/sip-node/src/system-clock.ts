/**
 * The clock of this process.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

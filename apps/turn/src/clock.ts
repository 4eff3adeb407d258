/**
 * Time, as the engine is given it.
 *
 * @module
 */

export interface Clock {
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** Runs `action` once after `ms`; what it returns calls that off. */
  readonly after: (ms: number, action: () => void) => () => void;
}

/** The machine's time. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after: (ms, action) => {
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
};

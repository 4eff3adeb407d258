/**
 * Pauses that somebody may end early.
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';

export class Wait {
  readonly #ends = new Set<() => void>();

  /** Resolves after `ms`, or at {@link end}. */
  start(clock: Clock, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        stop();
        this.#ends.delete(end);
        resolve();
      };
      const stop = clock.after(ms, end);
      this.#ends.add(end);
    });
  }

  /** Ends all pauses. */
  end(): void {
    for (const end of this.#ends) end();
  }
}

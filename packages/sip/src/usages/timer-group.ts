/**
 * The timers of one usage, by name: each runs once at most, and all end together.
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';

/** Platforms count milliseconds in 31 bits; what lasts longer is looked at again then. */
const maxMs = 2_147_483_647;

/** Any number of milliseconds each, those beyond 31 bits too. */
export class TimerGroup<Name extends string> {
  readonly #clock: Clock;
  readonly #running = new Map<Name, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isRunning(name: Name): boolean {
    return this.#running.has(name);
  }

  /** Starts `name`; where it runs already, again. */
  start(name: Name, ms: number, run: () => void): void {
    this.stop(name);
    const stop = this.#clock.after(Math.min(ms, maxMs), () => {
      this.#running.delete(name);
      if (ms > maxMs) this.start(name, ms - maxMs, run);
      else run();
    });
    this.#running.set(name, stop);
  }

  stop(name: Name): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  stopAll(): void {
    for (const stop of this.#running.values()) stop();
    this.#running.clear();
  }
}

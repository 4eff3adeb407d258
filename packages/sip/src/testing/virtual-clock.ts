/**
 * A clock that moves only when a test says so.
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets `ms` pass: every timer due in it runs at its own time, also those that others start meanwhile. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#nextUntil(end); timer !== undefined; timer = this.#nextUntil(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.run();
    }
    this.#now = end;
  }

  /** As {@link advance}, and lets promises settle after each timer. */
  async run(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#nextUntil(end); timer !== undefined; timer = this.#nextUntil(end)) {
      this.#timers.delete(timer);
      this.#now = timer.at;
      timer.run();
      await settle();
    }
    this.#now = end;
  }

  /** The earliest; of several the one that was started first. */
  #nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    return next;
  }
}

/** A chain of promises of moderate length comes to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

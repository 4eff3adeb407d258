/**
 * Time that passes when a test says so.
 *
 * @module
 */
import type { Clock } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly action: () => void;
}

export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs = 1_700_000_000_000) {
    this.#nowMs = nowMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly after = (ms: number, action: () => void): (() => void) => {
    const timer = { at: this.#nowMs + ms, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Timers that have not fired. */
  get pendingCount(): number {
    return this.#timers.size;
  }

  /** Lets time pass; timers fire in order, each at its time. */
  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#nowMs = next.at;
      next.action();
    }
    this.#nowMs = end;
  }
}

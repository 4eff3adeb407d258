/**
 * Time that passes when a test says so.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Enough turns of the microtask queue for what the SDK does between two timers. */
const turns = 100;

export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs = 1_800_000_000_000) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + Math.max(ms, 0), run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
  }

  /** Lets `ms` pass: timers run in their order, and what they set off is done before the next. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.settle();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#nowMs = next.atMs;
      this.#timers.delete(next);
      next.run();
      await this.settle();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (first === undefined || timer.atMs < first.atMs) first = timer;
    return first !== undefined && first.atMs <= endMs ? first : undefined;
  }
}

/**
 * How many lines of one kind may be logged: senders who prove nothing shall not fill the log.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

const burst = 20;
const perSecond = 1;

export class LineBudget {
  readonly #clock: Clock;
  #left = burst;
  #filledAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAt = clock.now();
  }

  /** Whether one more is allowed; it is then counted. */
  take(): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(burst, this.#left + ((now - this.#filledAt) * perSecond) / 1_000);
    this.#filledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

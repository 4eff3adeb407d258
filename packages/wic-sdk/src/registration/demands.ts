/**
 * How often the network makes us renew (TS 33.203 6.1.4, N.2.4): a few times at once, then once a minute, so that whoever
 * asks without end gets neither a REGISTER nor an answer of the SIM for each time.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

const windowMs = 60_000;
const maxAtOnce = 4;

export class Demands {
  readonly #clock: Pick<Clock, 'now'>;
  #count = 0;
  /** When the first of them came; on the scale of the clock. */
  #sinceMs = -Infinity;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Milliseconds until this one is met; 0: at once. */
  add(): number {
    const nowMs = this.#clock.now();
    if (nowMs - this.#sinceMs >= windowMs) {
      this.#sinceMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= maxAtOnce ? 0 : this.#sinceMs + windowMs - nowMs;
  }
}

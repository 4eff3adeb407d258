/**
 * How often in a row something is lost soon after it was had.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

/** Whoever has it that long has it undisputed. */
const undisputedMs = 60_000;

export class Losses {
  readonly #clock: Pick<Clock, 'now'>;
  #count = 0;
  /** On the scale of the clock. */
  #sinceMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  had(): void {
    this.#sinceMs = this.#clock.now();
  }

  /** How many in a row, this one among them. */
  lost(): number {
    this.#count = this.#clock.now() - this.#sinceMs < undisputedMs ? this.#count + 1 : 1;
    return this.#count;
  }
}

/**
 * A bound on costly work: so much at once, so much waiting, and no more.
 *
 * @module
 */
import { TooBusy } from '../errors.ts';

export class WorkSlots {
  readonly #waiting: (() => void)[] = [];
  readonly #limit: number;
  readonly #waitingLimit: number;
  #running = 0;

  constructor(limit: number, waitingLimit: number) {
    this.#limit = limit;
    this.#waitingLimit = waitingLimit;
  }

  /**
   * Runs `work` when its turn comes.
   *
   * @throws {TooBusy} as many as allowed already wait.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limit) this.#running += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      // A slot passes straight to who waits, so that nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= this.#waitingLimit) throw new TooBusy();
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/**
 * A bound on costly work: so much at once, so much waiting, and no more.
 *
 * @module
 */
export class WorkSlots {
  readonly #waiting: (() => void)[] = [];
  readonly #limit: number;
  readonly #waitingLimit: number;
  #running = 0;

  constructor(limit: number, waitingLimit: number) {
    this.#limit = limit;
    this.#waitingLimit = waitingLimit;
  }

  /** What comes of `work`, whose turn comes some time; undefined: as many as allowed wait already. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined {
    const isFull = this.#running >= this.#limit && this.#waiting.length >= this.#waitingLimit;
    return isFull ? undefined : this.#runInTurn(work);
  }

  async #runInTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limit) this.#running += 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      // A slot passes straight to who waits, so that nobody can slip in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

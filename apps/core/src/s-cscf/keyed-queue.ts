/**
 * Work on one thing is done one after the other; different things do not wait for each other.
 *
 * @module
 */

export class KeyedQueue {
  /** The last of each key. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** How many keys have work under way. */
  get size(): number {
    return this.#last.size;
  }

  /** What `run` comes to, once everything before it under `key` has ended, well or not. */
  async run<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(run, run);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}

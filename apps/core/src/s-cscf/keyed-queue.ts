/**
 * Work on one thing is done one after the other; different things do not wait for each other.
 *
 * @module
 */

interface Line {
  readonly last: Promise<unknown>;
  /** How many have not ended. */
  readonly length: number;
}

export class KeyedQueue {
  readonly #lines = new Map<string, Line>();

  /** How many keys have work under way. */
  get size(): number {
    return this.#lines.size;
  }

  /** How many under `key` have not ended, the one under way among them. */
  waiting(key: string): number {
    return this.#lines.get(key)?.length ?? 0;
  }

  /** What `run` comes to, once everything before it under `key` has ended, well or not. */
  async run<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = this.#lines.get(key)?.last ?? Promise.resolve();
    const turn = before.then(run, run);
    this.#lines.set(key, { last: turn, length: this.waiting(key) + 1 });
    try {
      return await turn;
    } finally {
      this.#leave(key);
    }
  }

  #leave(key: string): void {
    const line = this.#lines.get(key);
    if (line === undefined || line.length === 1) this.#lines.delete(key);
    else this.#lines.set(key, { ...line, length: line.length - 1 });
  }
}

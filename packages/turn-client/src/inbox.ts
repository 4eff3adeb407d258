/**
 * What has arrived at a test's socket, to be waited for.
 *
 * @module
 */

const patienceMs = 5_000;

export class Inbox<T> {
  readonly #arrived: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const wake = this.#waiting.shift();
    if (wake === undefined) this.#arrived.push(item);
    else wake(item);
  }

  /** How many wait to be taken. */
  get size(): number {
    return this.#arrived.length;
  }

  /** The next to arrive. Rejects after 5 s. */
  take(): Promise<T> {
    const item = this.#arrived.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve, reject) => {
      const wake = (late: T): void => {
        clearTimeout(timer);
        resolve(late);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(wake), 1);
        reject(new Error(`nothing arrived within ${patienceMs} ms`));
      }, patienceMs);
      this.#waiting.push(wake);
    });
  }
}

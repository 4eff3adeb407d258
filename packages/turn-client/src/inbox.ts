/**
 * What has arrived at a socket, to be waited for.
 *
 * @module
 */

/** How long a server on the same machine may take. */
export const patienceMs = 5_000;

/** What was waited for did not come in time. */
export class NothingArrived extends Error {
  readonly code = 'ERR_TURN_CLIENT_NOTHING_ARRIVED';

  constructor() {
    super(`expected something to arrive within ${patienceMs} ms`);
  }
}

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

  /** The next to arrive. Rejects after 5 s. @throws {NothingArrived} */
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
        reject(new NothingArrived());
      }, patienceMs);
      this.#waiting.push(wake);
    });
  }
}

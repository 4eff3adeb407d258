/**
 * Work on one thing in the order it came, work on different things side by side.
 *
 * @module
 */
import { SubscriptionBusy } from '../errors.ts';

/** How many may wait for one key, the one at work included. */
const maxLength = 32;

export class KeyedQueue {
  readonly #queues = new Map<string, { length: number; last: Promise<unknown> }>();

  /** @throws {SubscriptionBusy} the queue of `key` is full. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(key) ?? { length: 0, last: Promise.resolve() };
    if (queue.length >= maxLength) throw new SubscriptionBusy(maxLength);
    queue.length += 1;
    this.#queues.set(key, queue);
    const done = queue.last.then(work);
    queue.last = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      queue.length -= 1;
      if (queue.length === 0) this.#queues.delete(key);
    }
  }

  /** Resolves when everything that is under way now has ended. */
  async drain(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(({ last }) => last));
  }
}

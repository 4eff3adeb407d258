/**
 * What the tabs of one browser share: locks, channels and storage.
 *
 * @module
 */

interface Waiting {
  readonly grant: () => void;
}

/** Web Locks, exclusive mode: a queue, `ifAvailable`, `steal` and `signal`. */
export class InMemoryLocks {
  readonly #held = new Map<string, { readonly stolen: (error: Error) => void }>();
  readonly #queues = new Map<string, Waiting[]>();

  readonly request = (
    name: string,
    options: LockOptions,
    callback: (lock: Lock | null) => Promise<unknown> | undefined,
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const grant = (): void => this.#grant(name, callback, resolve, reject);
      if (options.steal === true) {
        this.#held.get(name)?.stolen(new DOMException('the lock was stolen', 'AbortError'));
        this.#held.delete(name);
        grant();
      } else if (!this.#held.has(name)) grant();
      else if (options.ifAvailable === true) Promise.resolve(callback(null)).then(resolve, reject);
      else this.#enqueue(name, { grant }, options.signal, reject);
    });

  #grant(
    name: string,
    callback: (lock: Lock | null) => Promise<unknown> | undefined,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): void {
    const holder = { stolen: reject };
    this.#held.set(name, holder);
    const release = (): void => {
      if (this.#held.get(name) !== holder) return;
      this.#held.delete(name);
      this.#queues.get(name)?.shift()?.grant();
    };
    Promise.resolve(callback({ name, mode: 'exclusive' }))
      .then(resolve, reject)
      .finally(release);
  }

  #enqueue(name: string, waiting: Waiting, signal: AbortSignal | undefined, reject: (error: unknown) => void): void {
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    queue.push(waiting);
    signal?.addEventListener('abort', () => {
      if (!queue.includes(waiting)) return;
      queue.splice(queue.indexOf(waiting), 1);
      reject(new DOMException('the request was aborted', 'AbortError'));
    });
  }
}

/** The BroadcastChannel of one browser: everybody of the name but the sender gets the message. */
export function createBroadcastChannelClass(): new (name: string) => BroadcastChannel {
  const channels = new Set<InMemoryChannel>();

  class InMemoryChannel {
    onmessage: ((event: { readonly data: unknown }) => void) | null = null;
    readonly name: string;

    constructor(name: string) {
      this.name = name;
      channels.add(this);
    }

    postMessage(data: unknown): void {
      for (const other of channels) {
        if (other === this || other.name !== this.name) continue;
        queueMicrotask(() => channels.has(other) && other.onmessage?.({ data }));
      }
    }

    close(): void {
      channels.delete(this);
    }
  }

  return InMemoryChannel as unknown as new (
    name: string,
  ) => BroadcastChannel;
}

export class InMemoryStorage {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  /** Everything in it. */
  entries(): readonly (readonly [key: string, value: string])[] {
    return [...this.#items];
  }
}

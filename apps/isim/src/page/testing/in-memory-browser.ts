/**
 * What the ISIM needs of a browser, in memory: records, and locks that are shared by all tabs.
 *
 * @module
 */
import type { CardOptions } from '../card.ts';
import type { RecordName, RecordStore } from '../record-store.ts';

export class InMemoryBrowser {
  readonly kept = new Map<RecordName, unknown>();
  /** How often something was written. */
  writes = 0;
  #idle: Promise<unknown> = Promise.resolve();

  readonly records: RecordStore = {
    read: async (name) => structuredClone(this.kept.get(name)),
    write: async (changes) => {
      this.writes += 1;
      for (const [name, value] of Object.entries(changes) as [RecordName, unknown][]) {
        if (value === undefined) this.kept.delete(name);
        else this.kept.set(name, structuredClone(value));
      }
    },
  };

  readonly locks: CardOptions['locks'] = {
    request: (...given: readonly unknown[]) => {
      const run = given.at(-1) as () => Promise<unknown>;
      const held = this.#idle.then(run);
      this.#idle = held.catch(() => undefined);
      return held as never;
    },
  };
}

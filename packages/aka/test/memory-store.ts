/**
 * A store that keeps the sequence numbers while a test runs.
 *
 * @module
 */
import type { SequenceState } from '../src/sequence-state.ts';
import type { SequenceStore } from '../src/soft-isim.ts';

export class MemoryStore implements SequenceStore {
  /** As JSON, as most stores keep it; undefined before the first save. */
  saved: string | undefined;

  async load(): Promise<unknown> {
    return this.saved === undefined ? undefined : JSON.parse(this.saved);
  }

  async save(state: SequenceState): Promise<void> {
    this.saved = JSON.stringify(state);
  }
}

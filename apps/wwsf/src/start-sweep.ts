/**
 * Work that is looked for again and again, one round after the other.
 *
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';

/** Rounds come this long after each other. */
const pauseMs = 2_000;

/** Begins now; returns what ends it, and resolves when no round is under way. */
export function startSweep(sweep: () => Promise<void>, failed: (cause: unknown) => void): () => Promise<void> {
  const stopped = new AbortController();
  const { signal } = stopped;
  const keepSweeping = async (): Promise<void> => {
    while (!signal.aborted) {
      await sweep().catch(failed);
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const sweeping = keepSweeping();
  return () => {
    stopped.abort();
    return sweeping;
  };
}

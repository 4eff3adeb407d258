/**
 * The clock of a call, as a hook.
 *
 * @module
 */
import { useCallback, useSyncExternalStore } from 'react';

const tickMs = 250;

/** Whole seconds since `sinceMs` (on the scale of `Date.now()`), counting on; undefined when that is. */
export function useElapsedSeconds(sinceMs: number | undefined): number | undefined {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (sinceMs === undefined) return () => undefined;
      const timer = setInterval(listener, tickMs);
      return () => clearInterval(timer);
    },
    [sinceMs],
  );
  return useSyncExternalStore(subscribe, () =>
    sinceMs === undefined ? undefined : Math.max(0, Math.floor((Date.now() - sinceMs) / 1000)),
  );
}

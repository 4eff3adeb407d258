/**
 * Whether the browser has a network at all, as a hook.
 *
 * @module
 */
import { useSyncExternalStore } from 'react';

export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

function subscribe(listener: () => void): () => void {
  for (const name of ['online', 'offline'] as const) window.addEventListener(name, listener);
  return () => {
    for (const name of ['online', 'offline'] as const) window.removeEventListener(name, listener);
  };
}

/**
 * Whether the page shows the connection test, as a hook: by the address, so that the browser's Back leads out of it and
 * a link leads into it.
 *
 * @module
 */
import { useCallback, useSyncExternalStore } from 'react';

export interface PreCallRoute {
  readonly isOpen: boolean;
  readonly open: () => void;
  readonly close: () => void;
}

const hash = '#connection-test';

export function usePreCallRoute(): PreCallRoute {
  const isOpen = useSyncExternalStore(subscribe, read);
  const open = useCallback(() => {
    history.pushState(null, '', hash);
    tell();
  }, []);
  const close = useCallback(() => {
    if (!read()) return;
    // No further step in the history.
    history.replaceState(null, '', `${location.pathname}${location.search}`);
    tell();
  }, []);
  return { isOpen, open, close };
}

/** Of changes that scripts make browsers say nothing. */
function tell(): void {
  window.dispatchEvent(new Event('hashchange'));
}

function read(): boolean {
  return location.hash === hash;
}

function subscribe(listener: () => void): () => void {
  const names = ['hashchange', 'popstate'];
  for (const name of names) window.addEventListener(name, listener);
  return () => {
    for (const name of names) window.removeEventListener(name, listener);
  };
}

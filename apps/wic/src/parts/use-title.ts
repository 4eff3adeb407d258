/**
 * The title of the window, as a hook.
 *
 * @module
 */
import { useEffect } from 'react';

/** Shows `title` in the tab, before the name of the page; undefined leaves the name alone. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? 'Wicgate' : `${title} · Wicgate`;
  }, [title]);
}

/**
 * Whether a person can have read what there is to be decided: the page around the frame chooses where and how large it
 * shows, and what it hides, shrinks or covers must not be pressed unread (TS 33.203 X.2.3.1: the ME asks, not the WIC).
 *
 * Chromium tells whether something lies over it, also a transparent thing, or makes it fainter (Intersection Observer
 * version 2); of other browsers is only known that all of it is in view.
 *
 * @module
 */

/** What TypeScript's own library does not know yet. */
interface VisibilityInit extends IntersectionObserverInit {
  readonly trackVisibility: boolean;
  /** Milliseconds between two looks; 100 is the least that is allowed. */
  readonly delay: number;
}

/** So long it has to stay as it is: nobody reads in less, and no second press of a double one counts. */
export const readingMs = 800;
/** All of it; the rest is for fractions of pixels. */
const leastRatio = 0.98;

/** Tells from the next moment on, and until `target` leaves the page. */
export function watchReadable(target: Element, onChange: (isReadable: boolean) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const init: VisibilityInit = { threshold: [0, leastRatio, 1], trackVisibility: true, delay: 100 };
  const observer = new IntersectionObserver((entries) => {
    clearTimeout(timer);
    onChange(false);
    if (!target.isConnected) observer.disconnect();
    else if (isWhollySeen(entries.at(-1))) timer = setTimeout(() => onChange(true), readingMs);
  }, init);
  observer.observe(target);
}

function isWhollySeen(entry: (IntersectionObserverEntry & { readonly isVisible?: boolean }) | undefined): boolean {
  return entry !== undefined && entry.intersectionRatio >= leastRatio && entry.isVisible !== false;
}

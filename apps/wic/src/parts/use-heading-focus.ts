/**
 * Where the focus goes when what held it has gone, as a hook.
 *
 * @module
 */
import { type RefObject, useEffect, useRef } from 'react';

/**
 * For the heading of a screen (with `tabIndex={-1}`): it gets the focus when the screen appears and nothing has it.
 * Keyboards and screen readers then go on there, not at the top of the page. A page that was only just loaded keeps
 * the focus that its browser gives it.
 */
export function useHeadingFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && wasUsed()) heading.current?.focus();
  }, []);
  return heading;
}

/** Whether somebody has pressed or typed anything on this page; true where the browser does not say. */
function wasUsed(): boolean {
  const { userActivation } = navigator as { readonly userActivation?: UserActivation };
  return userActivation?.hasBeenActive ?? true;
}

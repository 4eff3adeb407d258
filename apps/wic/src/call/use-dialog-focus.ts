/**
 * Where the focus goes while a dialog is there, as a hook.
 *
 * @module
 */
import { type KeyboardEvent, type RefObject, useEffect } from 'react';

/**
 * Moves the focus to the dialog itself, and back to where it was when the dialog goes; to `fallback` if that is gone.
 */
export function useDialogFocus(dialog: RefObject<HTMLElement | null>, fallback: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.focus({ preventScroll: true });
    return () => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      const goal = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : undefined;
      (goal ?? fallback.current)?.focus({ preventScroll: true });
    };
  }, [dialog, fallback]);
}

/** Lets Tab go round within the dialog. For its onKeyDown. */
export function keepTabInside(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Tab') return;
  const dialog = event.currentTarget;
  const buttons = dialog.querySelectorAll<HTMLElement>('button');
  const [first, last] = [buttons[0], buttons[buttons.length - 1]];
  const edges: readonly (Element | null | undefined)[] = event.shiftKey ? [first, dialog] : [last];
  if (!edges.includes(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

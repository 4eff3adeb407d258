/**
 * A dialog over the page, with a title and a way to close it. The browser keeps the focus in it and gives it back.
 *
 * @module
 */
import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

export interface DialogProps {
  readonly title: string;
  /** By its button, or by Escape. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Open for as long as it is drawn. */
export function Dialog({ title, onClose, children }: DialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  // Closed before it is taken out of the page: else the browser gives no focus back.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    heading.current?.focus();
    return () => current?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto max-h-[min(100dvh,46rem)] w-full max-w-xl flex-col overflow-hidden border border-line bg-card text-ink shadow-lifted backdrop:bg-slate-950/60 motion-safe:animate-rise max-sm:mb-0 max-sm:max-w-full max-sm:rounded-t-3xl sm:rounded-2xl open:flex"
    >
      <header className="flex shrink-0 items-center gap-3 border-line border-b py-3 pr-3 pl-5 sm:pl-7">
        <h2 ref={heading} id={titleId} tabIndex={-1} className="min-w-0 flex-1 font-semibold text-xl tracking-tight">
          {title}
        </h2>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="grid size-11 place-items-center rounded-xl text-soft transition-colors hover:bg-sunken hover:text-ink"
        >
          <X className="size-5" />
        </button>
      </header>
      <div className="overflow-y-auto overscroll-contain px-5 py-5 sm:px-7 sm:py-6">{children}</div>
    </dialog>
  );
}

/**
 * The frame of every screen: a bar at the top, and what matters below it.
 *
 * @module
 */
import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';

export interface PageProps {
  /** To the right of the name. */
  readonly bar?: ReactNode;
  /** Between the bar and the content, over the whole width. */
  readonly banner?: ReactNode;
  /** The content fills the window and is not scrolled: for a call. */
  readonly full?: boolean;
  /** Only as high as the content: something else follows below. */
  readonly short?: boolean;
  readonly children: ReactNode;
}

export function Page({ bar, banner, full = false, short = false, children }: PageProps): ReactNode {
  return (
    <div className={`flex flex-col ${full ? 'h-dvh' : short ? '' : 'min-h-dvh'}`}>
      <header className="border-line border-b bg-card pt-[env(safe-area-inset-top)]">
        <div className="mx-auto flex h-16 low:h-12 max-w-6xl items-center gap-3 wordy:gap-2 px-4 sm:px-6">
          <Logo className="size-9 narrow:in-[header:has(button)]:hidden" />
          <span className="hidden font-semibold text-lg tracking-tight sm:inline">Wicgate</span>
          <div className="ml-auto flex min-w-0 items-center gap-2 sm:gap-3">{bar}</div>
        </div>
      </header>
      {banner}
      <main
        className={`flex min-h-0 flex-1 flex-col ${full ? 'sm:p-6 low:p-0' : `px-4 py-6 sm:px-6 sm:pt-10 lg:pt-14 ${short ? '' : 'sm:pb-10 lg:pb-14'}`}`}
      >
        {children}
      </main>
    </div>
  );
}

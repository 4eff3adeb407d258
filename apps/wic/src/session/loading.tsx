/**
 * The screen of the first moments.
 *
 * @module
 */
import type { ReactNode } from 'react';
import { Logo } from '../parts/logo.tsx';

export function Loading(): ReactNode {
  return (
    <main className="grid min-h-dvh place-items-center" aria-busy="true">
      <div className="flex flex-col items-center gap-5">
        <Logo className="size-16 motion-safe:animate-pulse" />
        <h1 className="text-soft">Opening Wicgate…</h1>
      </div>
    </main>
  );
}

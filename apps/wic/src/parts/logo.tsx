/**
 * The mark: a W, drawn as the bars of a sound.
 *
 * @module
 */
import type { ReactNode } from 'react';

export interface LogoProps {
  readonly className?: string;
}

export function Logo({ className = 'size-9' }: LogoProps): ReactNode {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        d="M6 8.5v6M11 15v8.5M16 10.5v8M21 15v8.5M26 8.5v6"
        className="fill-none stroke-on-accent"
        strokeWidth="2.75"
        strokeLinecap="round"
      />
    </svg>
  );
}

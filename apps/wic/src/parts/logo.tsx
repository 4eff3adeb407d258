/**
 * The mark: a W, drawn as the wave of a sound.
 *
 * @module
 */
import type { ReactNode } from 'react';

export interface LogoProps {
  readonly className?: string;
}

export function Logo({ className = 'size-9' }: LogoProps): ReactNode {
  return (
    <svg viewBox="0 0 64 64" className={className} aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="16" className="fill-accent" />
      <path
        d="M12 21c4 0 5.5 23 10 23s5.5-18 10-18 5.5 18 10 18 6-23 10-23"
        className="fill-none stroke-on-accent"
        strokeWidth="5.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

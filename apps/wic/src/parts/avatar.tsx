/**
 * A person without a picture.
 *
 * @module
 */
import type { ReactNode } from 'react';
import { initialsOf } from '../texts/peer-name.ts';

const sizes = {
  small: 'size-10 text-base',
  medium: 'size-20 text-3xl',
  large: 'size-32 text-5xl low:size-20 low:text-3xl',
} as const;

export interface AvatarProps {
  readonly name: string;
  readonly size: keyof typeof sizes;
  /** Rings go out from it: somebody waits for an answer. */
  readonly ringing?: boolean;
}

export function Avatar({ name, size, ringing = false }: AvatarProps): ReactNode {
  return (
    <span aria-hidden="true" className={`relative inline-grid shrink-0 place-items-center ${sizes[size]}`}>
      {ringing && (
        <>
          <span className="absolute inset-0 rounded-full bg-accent/40 opacity-0 motion-safe:animate-ripple" />
          <span className="absolute inset-0 rounded-full bg-accent/40 opacity-0 motion-safe:animate-ripple motion-safe:[animation-delay:700ms]" />
        </>
      )}
      <span className="relative grid size-full place-items-center rounded-full bg-gradient-to-br from-teal-600 to-teal-900 font-semibold text-white">
        {initialsOf(name)}
      </span>
    </span>
  );
}

/**
 * How long the call has lasted. Not part of the status: that would be read out every second.
 *
 * @module
 */
import { useElapsedSeconds } from '@wicgate/wic-react';
import type { ReactNode } from 'react';
import { formatDuration } from '../texts/duration.ts';

export interface CallTimerProps {
  readonly sinceMs: number | undefined;
}

export function CallTimer({ sinceMs }: CallTimerProps): ReactNode {
  const seconds = useElapsedSeconds(sinceMs);
  if (seconds === undefined) return null;
  return (
    <span role="timer" aria-label="Duration" className="tabular-nums">
      {formatDuration(seconds)}
    </span>
  );
}

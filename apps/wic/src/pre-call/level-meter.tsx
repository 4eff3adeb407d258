/**
 * What the microphone hears, as a bar.
 *
 * @module
 */
import { useMicrophoneLevel } from '@wicgate/wic-react';
import type { ReactNode } from 'react';

/** The quietest that the bar shows, in decibels below the loudest there is. */
const rangeDb = 60;

export function LevelMeter(): ReactNode {
  const percent = Math.round(loudness(useMicrophoneLevel()) * 100);
  return (
    <div>
      <meter aria-label="Microphone level" min={0} max={100} value={percent} className="sr-only" />
      <div aria-hidden="true" className="h-3 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset">
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-100"
          style={{ width: `${percent}%` }}
        />
      </div>
    </div>
  );
}

/** As ears hear it: from 0 to 1 by decibels. */
function loudness(level: number): number {
  if (level <= 0) return 0;
  return Math.min(1, Math.max(0, 1 + (20 * Math.log10(level)) / rangeDb));
}

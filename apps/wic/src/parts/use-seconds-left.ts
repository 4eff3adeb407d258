/**
 * A countdown, as a hook.
 *
 * @module
 */
import { useElapsedSeconds } from '@wicgate/wic-react';

/** More than the longest time that is counted down: a year. */
const horizonSeconds = 31_536_000;

/** Whole seconds until `atMs` (on the scale of `Date.now()`), from 0 up; undefined when that is. */
export function useSecondsLeft(atMs: number | undefined): number | undefined {
  // Counts up from long before: the rest is what remains.
  const elapsed = useElapsedSeconds(atMs === undefined ? undefined : atMs - horizonSeconds * 1_000);
  return elapsed === undefined ? undefined : Math.max(0, horizonSeconds - elapsed);
}

/**
 * Ringing, as a hook.
 *
 * @module
 */
import { useEffect } from 'react';
import { type CadenceName, cadences } from './cadence.ts';
import { playCadence } from './play-cadence.ts';

/** Sounds the cadence of that name for as long as it is asked for. A browser without sound stays silent. */
export function useRinging(name: CadenceName | undefined): void {
  useEffect(() => {
    if (name === undefined || !('AudioContext' in globalThis)) return undefined;
    return playCadence(cadences[name], () => new AudioContext());
  }, [name]);
}

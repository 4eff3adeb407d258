/**
 * What the microphone of a test hears, as a hook.
 *
 * @module
 */
import { useSyncExternalStore } from 'react';
import { useWic } from './wic-provider.tsx';

/** Root mean square, from 0 (silence) to 1; changes several times a second while a test listens. */
export function useMicrophoneLevel(): number {
  const { microphoneLevel } = useWic().preCallTest;
  return useSyncExternalStore(microphoneLevel.subscribe, microphoneLevel.getSnapshot);
}

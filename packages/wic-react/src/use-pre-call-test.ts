/**
 * The test before a call, as a hook.
 *
 * @module
 */
import type { PreCallState, PreCallTest } from '@wicgate/wic-sdk';
import { useEffect, useSyncExternalStore } from 'react';
import { useWic } from './wic-provider.tsx';

export interface PreCallTestOfPage extends Omit<PreCallTest, 'subscribe' | 'getSnapshot' | 'microphoneLevel'> {
  readonly state: PreCallState;
}

/**
 * The test of the WIC above, kept current. It is stopped, and every device off, when the component leaves.
 *
 * @example
 * const { state, start } = usePreCallTest();
 * return <button onClick={start}>{state.verdict?.kind ?? 'Test'}</button>;
 */
export function usePreCallTest(): PreCallTestOfPage {
  const { preCallTest: test } = useWic();
  const state = useSyncExternalStore(test.subscribe, test.getSnapshot);
  useEffect(() => test.stop, [test]);
  const { start, stop, playTone, answerTone, skipTone, chooseMicrophone, chooseSpeaker } = test;
  return { state, start, stop, playTone, answerTone, skipTone, chooseMicrophone, chooseSpeaker };
}

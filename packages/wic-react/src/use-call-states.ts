/**
 * The states of several calls at once, as a hook.
 *
 * @module
 */
import type { Call, CallState } from '@wicgate/wic-sdk';
import { useMemo, useSyncExternalStore } from 'react';

/**
 * The states of `calls`, kept current, in the same order.
 *
 * @example
 * const calls = useCalls();
 * const states = useCallStates(calls);
 * const ringing = calls.filter((_, index) => states[index]?.status === 'incoming');
 */
export function useCallStates(calls: readonly Call[]): readonly CallState[] {
  const store = useMemo(() => createJointStore(calls), [calls]);
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}

interface JointStore {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => readonly CallState[];
}

/** One store over several; its snapshot stays the same array until one of the states changes. */
function createJointStore(calls: readonly Call[]): JointStore {
  let last: readonly CallState[] = calls.map((call) => call.getSnapshot());
  return {
    subscribe(listener) {
      const stops = calls.map((call) => call.subscribe(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    getSnapshot() {
      const now = calls.map((call) => call.getSnapshot());
      if (now.some((state, index) => state !== last[index])) last = now;
      return last;
    },
  };
}

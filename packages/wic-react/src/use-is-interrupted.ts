/**
 * Whether the media of a call have no path, as a hook.
 *
 * @module
 */
import type { Call } from '@wicgate/wic-sdk';
import { useSyncExternalStore } from 'react';

/**
 * True while `call` is answered and its media have no path, kept current; false where there is no call.
 *
 * @example
 * const isInterrupted = useIsInterrupted(call);
 * return isInterrupted && <p role="status">No connection</p>;
 */
export function useIsInterrupted(call: Call | undefined): boolean {
  const { subscribe, getSnapshot } = call?.isInterrupted ?? never;
  return useSyncExternalStore(subscribe, getSnapshot);
}

const never: Call['isInterrupted'] = { subscribe: () => () => undefined, getSnapshot: () => false };

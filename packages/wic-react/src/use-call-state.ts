/**
 * The state of one call, as a hook.
 *
 * @module
 */
import type { Call, CallState } from '@wicgate/wic-sdk';
import { useSyncExternalStore } from 'react';

/**
 * The state of `call`, kept current, also after the call has ended.
 *
 * @example
 * const { muted } = useCallState(call);
 * return <button onClick={() => call.setMuted(!muted)}>{muted ? 'Unmute' : 'Mute'}</button>;
 */
export function useCallState(call: Call): CallState {
  return useSyncExternalStore(call.subscribe, call.getSnapshot);
}

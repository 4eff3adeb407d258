/**
 * The calls of the WIC, as a hook.
 *
 * @module
 */
import type { Call } from '@wicgate/wic-sdk';
import { useSyncExternalStore } from 'react';
import { useWic } from './wic-provider.tsx';

/**
 * The calls that ring or are live, oldest first. A call that has ended leaves the list.
 *
 * @example
 * const calls = useCalls();
 * return calls.map((call) => <CallRow key={call.id} call={call} />);
 */
export function useCalls(): readonly Call[] {
  const wic = useWic();
  return useSyncExternalStore(wic.calls.subscribe, wic.calls.getSnapshot);
}

/**
 * Which tab of this browser holds the registration, as a hook.
 *
 * @module
 */
import type { Activity } from '@wicgate/wic-sdk';
import { useSyncExternalStore } from 'react';
import { useWic } from './wic-provider.tsx';

export interface ActivityOfTab {
  readonly activity: Activity;
  /** Takes the registration over from the other tab. */
  readonly useHere: () => void;
}

/**
 * Whether the WIC above is the one of this browser that registers.
 *
 * @example
 * const { activity, useHere } = useActivity();
 * if (activity.status === 'elsewhere') return <button onClick={useHere}>Use here</button>;
 */
export function useActivity(): ActivityOfTab {
  const wic = useWic();
  const activity = useSyncExternalStore(wic.activity.subscribe, wic.activity.getSnapshot);
  return { activity, useHere: wic.useHere };
}

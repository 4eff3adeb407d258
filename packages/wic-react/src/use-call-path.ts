/**
 * Which way the media of a call take, as a hook.
 *
 * @module
 */
import type { Call, MediaPath } from '@wicgate/wic-sdk';
import { useSyncExternalStore } from 'react';

/**
 * The way that the media of `call` take, kept current; undefined where there is no call, or no way yet or any more.
 *
 * @example
 * const path = useCallPath(call);
 * return path?.ownRelay && <p>Relayed over {path.ownRelay.transport}</p>;
 */
export function useCallPath(call: Call | undefined): MediaPath | undefined {
  const { subscribe, getSnapshot } = call?.path ?? nothing;
  return useSyncExternalStore(subscribe, getSnapshot);
}

const nothing: Call['path'] = { subscribe: () => () => undefined, getSnapshot: () => undefined };

/**
 * The choice of this browser, for whatever is drawn below the page.
 *
 * @module
 */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { RelayOnly } from './relay-only.ts';

export const RelayOnlyContext = createContext<RelayOnly | undefined>(undefined);

export interface RelayOnlyOfPage {
  readonly isOn: boolean;
  readonly setOn: (isOn: boolean) => void;
}

/** Kept current. @throws {TypeError} nobody above provides it. */
export function useRelayOnly(): RelayOnlyOfPage {
  const relayOnly = useContext(RelayOnlyContext);
  if (relayOnly === undefined) throw new TypeError('expected a RelayOnlyContext above');
  return { isOn: useSyncExternalStore(relayOnly.subscribe, relayOnly.isOn), setOn: relayOnly.setOn };
}

/**
 * The WIC that the hooks of this package look at.
 *
 * @module
 */
import type { Wic } from '@wicgate/wic-sdk';
import { createContext, type ReactNode, useContext } from 'react';

const WicContext = createContext<Wic | undefined>(undefined);

export interface WicProviderProps {
  /** Whoever made it also closes it. */
  readonly wic: Wic;
  readonly children: ReactNode;
}

/**
 * Makes one WIC known to everything below it.
 *
 * @example
 * <WicProvider wic={wic}>
 *   <Phone />
 * </WicProvider>
 */
export function WicProvider({ wic, children }: WicProviderProps): ReactNode {
  return <WicContext value={wic}>{children}</WicContext>;
}

/**
 * The WIC of the nearest provider above.
 *
 * @throws {TypeError} there is no provider above.
 */
export function useWic(): Wic {
  const wic = useContext(WicContext);
  if (wic === undefined) throw new TypeError('useWic: expected a WicProvider above');
  return wic;
}

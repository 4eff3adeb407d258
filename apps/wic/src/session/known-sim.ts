/**
 * Whether a SIM was used in this browser: then it comes before a password (TS 33.203 X.2.1).
 *
 * A mere yes: what is on the SIM stays with the SIM.
 *
 * @module
 */
import { tryStorage } from '../storage/try-storage.ts';

export interface KnownSim {
  readonly isKnown: () => boolean;
  readonly setKnown: (isKnown: boolean) => void;
}

const key = 'wicgate sim';

/** Where `open` throws, as browsers do that may keep nothing, nothing is remembered beyond this page. */
export function createKnownSim(open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): KnownSim {
  let isKnownHere = tryStorage(() => open().getItem(key) === 'used') ?? false;
  return {
    isKnown: () => isKnownHere,
    setKnown(isKnown) {
      isKnownHere = isKnown;
      tryStorage(() => (isKnown ? open().setItem(key, 'used') : open().removeItem(key)));
    },
  };
}

/**
 * The WIC of somebody who has no web session, as a hook: it lives until they leave.
 *
 * @module
 */
import type { Wic } from '@wicgate/wic-sdk';
import { useCallback, useEffect, useState } from 'react';
import type { Person } from './person.ts';

export interface OwnWic {
  readonly person: Person;
  readonly wic: Wic;
}

export interface OwnWicOfPage {
  readonly own: OwnWic | undefined;
  /** Makes it and registers it. The credentials are in `make` alone, which is not kept. */
  readonly open: (person: Person, make: () => Wic) => void;
  readonly drop: () => void;
}

/** Whatever takes its place, the WIC is closed. */
export function useOwnWic(): OwnWicOfPage {
  const [own, setOwn] = useState<OwnWic>();
  useEffect(() => () => own?.wic.close(), [own]);

  const open = useCallback((person: Person, make: () => Wic) => {
    const wic = make();
    setOwn({ person, wic });
    void wic.register();
  }, []);
  const drop = useCallback(() => setOwn(undefined), []);
  return { own, open, drop };
}

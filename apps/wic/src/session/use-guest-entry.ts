/**
 * Coming in as a guest, as a hook (TS 33.203 X.4.2.3 step 0.1).
 *
 * @module
 */
import { useCallback, useState } from 'react';
import { GuestRefused, PageError } from '../errors.ts';
import type { Wwsf } from '../wwsf/wwsf.ts';

export type GuestEntryState =
  | { readonly status: 'asking' }
  | {
      readonly status: 'refused';
      readonly problem: GuestRefused['problem'] | 'unreachable';
      /** On the scale of Date.now(). */
      readonly retryAtMs: number;
    };

export interface GuestEntryOfPage {
  /** Undefined: nobody asks. */
  readonly entry: GuestEntryState | undefined;
  readonly enter: () => void;
  readonly cancel: () => void;
}

/** `onEntered`: there is a session now. */
export function useGuestEntry(wwsf: Pick<Wwsf, 'startGuest'>, onEntered: () => void): GuestEntryOfPage {
  const [entry, setEntry] = useState<GuestEntryState>();

  const enter = useCallback(() => {
    setEntry({ status: 'asking' });
    wwsf.startGuest().then(
      () => {
        setEntry(undefined);
        onEntered();
      },
      (error: unknown) => {
        if (!(error instanceof PageError)) throw error;
        setEntry(describeRefusal(error));
      },
    );
  }, [wwsf, onEntered]);
  const cancel = useCallback(() => setEntry(undefined), []);
  return { entry, enter, cancel };
}

function describeRefusal(error: PageError): GuestEntryState {
  const now = Date.now();
  if (!(error instanceof GuestRefused)) return { status: 'refused', problem: 'unreachable', retryAtMs: now };
  return { status: 'refused', problem: error.problem, retryAtMs: now + error.retryAfterSeconds * 1_000 };
}

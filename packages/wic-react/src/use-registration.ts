/**
 * Registration, as a hook.
 *
 * @module
 */
import type { RegistrationState } from '@wicgate/wic-sdk';
import { useSyncExternalStore } from 'react';
import { useWic } from './wic-provider.tsx';

export interface Registration {
  readonly state: RegistrationState;
  /** Starts, and keeps the registration up until `deregister`; how it goes is in `state`. */
  readonly register: () => Promise<void>;
  readonly deregister: () => Promise<void>;
  /** Does not wait any longer where the next try waits. */
  readonly retryNow: () => void;
}

/**
 * The registration of the WIC above, kept current. Leaves the decision to register to the caller.
 *
 * @example
 * const { state, register } = useRegistration();
 * return <button disabled={state.status === 'registering'} onClick={register}>Go online</button>;
 */
export function useRegistration(): Registration {
  const wic = useWic();
  const state = useSyncExternalStore(wic.registration.subscribe, wic.registration.getSnapshot);
  return { state, register: wic.register, deregister: wic.deregister, retryNow: wic.retryNow };
}

/**
 * How the registration stands, in plain words.
 *
 * @module
 */
import type { RegistrationFailure, RegistrationState } from '@wicgate/wic-sdk';

export interface RegistrationText {
  /** The first words; scripts and screen readers look for these. */
  readonly word: 'Not registered' | 'Registering' | 'Registered' | 'Failed';
  readonly detail: string | undefined;
}

const failures: Readonly<Record<RegistrationFailure, string>> = {
  'refused': 'the network does not let this account register',
  'not signed in': 'your sign-in has ended',
  'no identity': 'this account has no number or address to call from',
};

export function registrationText(state: RegistrationState): RegistrationText {
  switch (state.status) {
    case 'not registered':
      return { word: 'Not registered', detail: undefined };
    case 'registering':
      return { word: 'Registering', detail: isReconnecting(state) ? 'no connection' : undefined };
    case 'registered':
      return { word: 'Registered', detail: undefined };
    case 'failed':
      return { word: 'Failed', detail: failures[state.reason] };
  }
}

/** True when this is not the first try: the person should know why calls do not go. */
export function isReconnecting(state: RegistrationState): boolean {
  return state.status === 'registering' && (state.attempt > 1 || state.retryAtMs !== undefined);
}

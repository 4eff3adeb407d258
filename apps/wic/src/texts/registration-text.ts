/**
 * How the registration stands, in plain words.
 *
 * @module
 */
import type { RegistrationState, WayIn } from '@wicgate/wic-sdk';
import { failureText } from './failure-text.ts';

export interface RegistrationText {
  /** The first words; scripts and screen readers look for these. */
  readonly word: 'Not registered' | 'Registering' | 'Registered' | 'Failed';
  readonly detail: string | undefined;
}

export function registrationText(state: RegistrationState, way: WayIn = 'web'): RegistrationText {
  switch (state.status) {
    case 'not registered':
      return { word: 'Not registered', detail: undefined };
    case 'registering':
      return { word: 'Registering', detail: isReconnecting(state) ? 'no connection' : undefined };
    case 'registered':
      return { word: 'Registered', detail: undefined };
    case 'failed':
      return { word: 'Failed', detail: failureText(state, way).brief };
  }
}

/** True when this is not the first try: the person should know why calls do not go. */
export function isReconnecting(state: RegistrationState): boolean {
  return state.status === 'registering' && (state.attempt > 1 || state.retryAtMs !== undefined);
}

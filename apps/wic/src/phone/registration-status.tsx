/**
 * How the registration stands, always in view.
 *
 * @module
 */
import type { RegistrationState, WayIn } from '@wicgate/wic-sdk';
import type { ReactNode } from 'react';
import { registrationText } from '../texts/registration-text.ts';

const dots = {
  'Not registered': 'bg-edge',
  'Registering': 'bg-amber-500 motion-safe:animate-pulse',
  'Registered': 'bg-emerald-500',
  'Failed': 'bg-danger',
} as const;

export interface RegistrationStatusProps {
  readonly state: RegistrationState;
  /** How the person came in, or tries to. */
  readonly way?: WayIn;
}

export function RegistrationStatus({ state, way = 'web' }: RegistrationStatusProps): ReactNode {
  const { word, detail } = registrationText(state, way);
  return (
    <div className="flex h-9 min-w-0 items-center gap-2 rounded-full bg-sunken px-3.5 wordy:px-3 text-[0.9375rem]">
      <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${dots[word]}`} />
      <p role="status" aria-label="Registration" className="truncate">
        {word}
        {detail !== undefined && <span className="text-soft max-sm:sr-only">{`: ${detail}`}</span>}
      </p>
    </div>
  );
}

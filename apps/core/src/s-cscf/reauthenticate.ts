/**
 * Network-initiated re-authentication (TS 33.203 6.1.4, N.2.4, TS 24.229 5.4.1.6).
 *
 * The registration is shortened, of which those who watch it are told: that is the request to register anew. The next
 * REGISTER is challenged; without one the registration ends when its time is over.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { Registrar } from './registrar.ts';
import type { Registration } from './registrations.ts';

export interface Reauthentication {
  readonly registrar: Registrar;
  readonly clock: Clock;
  /** How long the user has. */
  readonly withinSeconds: number;
}

/** Whom: a private identity with all its registrations, or the users of a public one, canonical. */
export type Reauthenticated = { readonly impi: string } | { readonly impu: string };

/** How many contacts were shortened; 0 where nobody is registered. */
export async function reauthenticate(whom: Reauthenticated, parts: Reauthentication): Promise<number> {
  const { registrations } = parts.registrar;
  const meant = 'impi' in whom ? registrations.ofImpi(whom.impi) : registrations.ofImpu(whom.impu);
  let shortened = 0;
  for (const impi of new Set(meant.map((registration) => registration.impi))) {
    await parts.registrar.revise(impi, (registration) => {
      // Behind a REGISTER under way, which would make its nonce known again.
      parts.registrar.authentication.forgetNonce(impi);
      if ('impi' in whom || registration.hasAny([whom.impu])) shortened += shorten(registration, parts);
    });
  }
  return shortened;
}

/** An emergency registration is left alone (TS 24.229 5.4.8). */
function shorten(registration: Registration, { registrar, clock, withinSeconds }: Reauthentication): number {
  const latest = clock.now() + withinSeconds * 1_000;
  const meant = [...registration.bindings].filter(([, { contact }]) => !contact.isEmergency);
  for (const [key, binding] of meant) {
    const expiresAt = Math.min(binding.expiresAt, latest);
    const shortened = { ...binding, event: 'shortened', isReauthenticationDue: true, expiresAt } as const;
    registrar.registrations.bind(registration, key, shortened);
  }
  return meant.length;
}

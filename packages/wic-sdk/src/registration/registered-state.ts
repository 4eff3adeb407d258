/**
 * A registration as the page sees it.
 *
 * @module
 */
import type { RegistrationDetails } from '../wic.ts';
import type { Authentication } from './authentication.ts';
import type { Registered } from './register-outcome.ts';

type RegisteredState = { readonly status: 'registered' } & RegistrationDetails;

/** A name that the page was given goes before that of the network. */
export function describeRegistered(
  registered: Registered,
  { scheme, impi }: Pick<Authentication, 'scheme' | 'impi'>,
  { gateway, displayName = registered.displayName }: { gateway: string; displayName: string | undefined },
): RegisteredState {
  const { impu, impus, expiresAtMs } = registered;
  return { status: 'registered', scheme, impu, impus, impi, displayName, expiresAtMs, gateway };
}

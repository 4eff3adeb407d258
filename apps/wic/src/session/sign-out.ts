/**
 * Signing out: first the network, then the web.
 *
 * @module
 */
import type { Wic } from '@wicgate/wic-sdk';
import { SessionEnded } from '../errors.ts';
import type { SignedInSession, Wwsf } from '../wwsf/wwsf.ts';

/** How long the network, or the tab that holds the registration, gets to confirm. */
const deregisterMs = 3_000;

/**
 * Deregisters, ends the web session, and returns the address to go to.
 *
 * @throws {WwsfUnreachable | WwsfAnswerInvalid} the session may go on; the WIC is deregistered.
 */
export async function signOut(wic: Wic, wwsf: Wwsf, { csrfToken }: SignedInSession): Promise<string> {
  await signOff(wic);
  try {
    return await wwsf.signOut(csrfToken);
  } catch (error) {
    if (error instanceof SessionEnded) return '/';
    throw error;
  }
}

/** Deregisters; waits for the network, but not for long, and whatever comes of it. */
export async function signOff(wic: Wic): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, deregisterMs);
  await Promise.race([Promise.allSettled([wic.deregister()]), late]);
  clearTimeout(timer);
}

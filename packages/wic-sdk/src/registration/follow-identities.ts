/**
 * The public identities of a registration, as the network goes on telling of them (TS 24.229 5.1.1.3, 5.4.2.1.2).
 *
 * @module
 */
import { canonicalImpu, SipError } from '@wicgate/sip';
import type { WatchedIdentities } from '../registration-event/own-registration.ts';
import type { Registered } from './register-outcome.ts';

/** What the network tells beyond them is passed over. */
const maxIdentities = 50;

/** The same object where nothing changes. An identity that is left goes, even the default one; some remain. */
export function followIdentities(registered: Registered, identities: WatchedIdentities | undefined): Registered {
  if (identities === undefined || identities.present.length === 0) return registered;
  const absent = new Set(identities.absent);
  const kept = registered.impus.filter((impu) => !absent.has(canonicalOr(impu)));
  const known = new Set(kept.map(canonicalOr));
  const room = Math.max(maxIdentities - kept.length, 0);
  const more = identities.present.filter((impu) => !known.has(impu)).slice(0, room);
  const impus = [...kept, ...more];
  if (more.length === 0 && kept.length === registered.impus.length) return registered;
  return { ...registered, impu: impus.includes(registered.impu) ? registered.impu : (impus[0] ?? ''), impus };
}

/** As it stands where it is no URI. */
function canonicalOr(impu: string): string {
  try {
    return canonicalImpu(impu);
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return impu;
  }
}

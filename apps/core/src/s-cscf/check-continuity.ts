/**
 * What subsequent REGISTERs of a registered user have in common with those before.
 *
 * @module
 */
import type { RegisteredScheme } from '../authentication/authentication-scheme.ts';
import { RequestRefused } from '../errors.ts';
import type { Registration } from './registrations.ts';
import type { Wanted } from './wanted.ts';

/** @throws {RequestRefused} 403: by another authentication scheme; 500: out of order. */
export function checkContinuity(known: Registration, wanted: Wanted, scheme: RegisteredScheme): void {
  if (!isForEmergency(wanted)) checkScheme(known, wanted, scheme);
  checkOrder(known, wanted);
}

/**
 * TS 33.203 P.4.1: the scheme of subsequent REGISTERs does not change; they have the Call-ID of the first (RFC 3261
 * 10.2). Another one begins a registration of its own, as each connection does at the P-CSCF (P.3): by which scheme is
 * the user's to choose. It is looked at once the user has proven who they are.
 */
function checkScheme({ bindings }: Registration, { callId }: Wanted, scheme: RegisteredScheme): void {
  const before = [...bindings.values()].filter((binding) => binding.callId === callId && !binding.contact.isEmergency);
  if (before.some((binding) => binding.scheme !== scheme)) throw new RequestRefused('SCHEME_CHANGED');
}

/** All contacts are for an emergency (TS 24.229 7.2A.13): each scheme will do, and no bar counts. */
export function isForEmergency({ granted }: Wanted): boolean {
  return granted !== 'all' && granted.length > 0 && granted.every(({ contact }) => contact.isEmergency);
}

/** RFC 3261 10.3 step 7: of one Call-ID a later request has a higher CSeq. */
function checkOrder({ bindings }: Registration, { callId, cseq }: Wanted): void {
  for (const binding of bindings.values()) {
    if (binding.callId === callId && cseq <= binding.cseq) throw new RequestRefused('OUT_OF_ORDER');
  }
}

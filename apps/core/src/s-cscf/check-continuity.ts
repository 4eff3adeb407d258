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
  if (!isForEmergency(wanted)) checkScheme(known, scheme);
  checkOrder(known, wanted);
}

/** TS 33.203 P.4.1: the scheme does not change. It is looked at once the user has proven who they are. */
function checkScheme({ bindings }: Registration, scheme: RegisteredScheme): void {
  const others = [...bindings.values()].filter(({ contact }) => !contact.isEmergency);
  if (others.some((binding) => binding.scheme !== scheme)) throw new RequestRefused('SCHEME_CHANGED');
}

/** In an emergency each scheme will do. */
function isForEmergency({ granted }: Wanted): boolean {
  return granted !== 'all' && granted.length > 0 && granted.every(({ contact }) => contact.isEmergency);
}

/** RFC 3261 10.3 step 7: of one Call-ID a later request has a higher CSeq. */
function checkOrder({ bindings }: Registration, { callId, cseq }: Wanted): void {
  for (const binding of bindings.values()) {
    if (binding.callId === callId && cseq <= binding.cseq) throw new RequestRefused('OUT_OF_ORDER');
  }
}

/**
 * RTR: the HSS ends registrations, but for those of an emergency (TS 29.228 6.1.3.1).
 *
 * @module
 */
import {
  baseResult,
  type DeregistrationReasonCode,
  type EmergencyRegistration,
  type RegistrationTerminationAnswer,
} from '@wicgate/cx';
import type { GoneEvent, Registration } from './registrations.ts';

/** What the user hears of it; another S-CSCF, where there is one, serves them on. */
export const goneByReason: Readonly<Record<DeregistrationReasonCode, GoneEvent>> = {
  PERMANENT_TERMINATION: 'rejected',
  NEW_SERVER_ASSIGNED: 'untold',
  SERVER_CHANGE: 'deactivated',
  REMOVE_S_CSCF: 'untold',
};

const sparingReasons: ReadonlySet<DeregistrationReasonCode> = new Set(['PERMANENT_TERMINATION', 'REMOVE_S_CSCF']);

/** Keys of the contacts that stay, whatever the HSS wants; where there are some, the registration stays. */
export function sparedKeys({ bindings }: Registration, reasonCode: DeregistrationReasonCode): readonly string[] {
  if (!sparingReasons.has(reasonCode)) return [];
  return [...bindings].filter(([, { contact }]) => contact.isEmergency).map(([key]) => key);
}

/** RTA; `spared` are those of the registrations meant that stay. */
export function terminationAnswer(
  meant: readonly Registration[],
  spared: readonly Registration[],
): RegistrationTerminationAnswer {
  if (spared.length === 0) return baseResult('DIAMETER_SUCCESS');
  const name = spared.length < meant.length ? 'DIAMETER_LIMITED_SUCCESS' : 'DIAMETER_UNABLE_TO_COMPLY';
  return { ...baseResult(name), identitiesWithEmergencyRegistration: spared.flatMap(pairsOf) };
}

function pairsOf({ impi, bindings }: Registration): readonly EmergencyRegistration[] {
  const impus = new Set([...bindings.values()].map(({ impu }) => impu));
  return [...impus].map((impu) => ({ impi, impu }));
}

/**
 * What barring does to registrations that stand (TS 33.203 X.3.2.3 step 6.2 NOTE 8, X.4.2.3 step 6.2 NOTE 10): the
 * contacts that the barred one vouched for end by the network (TS 24.229 5.4.1.5), others are not touched, and those of
 * emergencies neither (TS 24.229 5.4.8).
 *
 * @module
 */
import { setImmediate } from 'node:timers/promises';
import type { Registrar } from '../registrar.ts';
import type { Binding, Registration } from '../registrations.ts';
import type { BarredAuthorities } from './barred-authorities.ts';

/** So many users at a time are told to the HSS. */
const groupSize = 200;

/** How many users lost a contact. The bar stands already, so that nobody comes in meanwhile. */
export async function dropBarred(registrar: Registrar, barred: BarredAuthorities): Promise<number> {
  // A REGISTER that was let in at this very moment has been entered by then.
  await setImmediate();
  const isConcerned = ({ bindings }: Registration): boolean =>
    [...bindings.values()].some((binding) => isBarred(binding, barred));
  const impis = [
    ...new Set(
      registrar.registrations
        .all()
        .filter(isConcerned)
        .map(({ impi }) => impi),
    ),
  ];
  for (let start = 0; start < impis.length; start += groupSize) {
    const group = impis.slice(start, start + groupSize);
    await Promise.all(group.map((impi) => registrar.revise(impi, (each) => dropContacts(each, registrar, barred))));
  }
  return impis.length;
}

function dropContacts(registration: Registration, registrar: Registrar, barred: BarredAuthorities): void {
  for (const [key, binding] of [...registration.bindings]) {
    if (isBarred(binding, barred)) registrar.rejectBinding(registration, key, 'authority barred');
  }
}

function isBarred({ thirdParties, contact }: Binding, barred: BarredAuthorities): boolean {
  return !contact.isEmergency && barred.hasAny(thirdParties);
}

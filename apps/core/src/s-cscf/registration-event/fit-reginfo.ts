/**
 * A document that fits into a SIP message as every peer takes it: what would not fit is told with less detail, since a
 * message that is too large costs the connection that others share.
 *
 * @module
 */
import { encodeReginfo, type Reginfo, type ReginfoContact, type ReginfoRegistration } from '@wicgate/reg-event';

/** Octets of a body, beside which the header fields have room in a message of 65,536. */
export const maxBodyOctets = 49_152;

/** From whole to poor. */
const details: readonly ((reginfo: Reginfo) => Reginfo)[] = [
  (reginfo) => reginfo,
  (reginfo) => withContacts(reginfo, ({ contacts }) => contacts.map(withoutFeatures)),
  (reginfo) => withContacts(reginfo, ({ contacts }, index) => (index === 0 ? contacts.map(withoutFeatures) : [])),
  (reginfo) => withContacts(reginfo, () => []),
];

/**
 * The body, with as much detail as fits: feature tags go first, then the contacts of all identities but the first, who
 * has the same ones, and then those too.
 */
export function fitReginfo(reginfo: Reginfo): Uint8Array {
  let body: Uint8Array = new Uint8Array();
  for (const reduce of details) {
    body = encodeReginfo(reduce(reginfo));
    if (body.length <= maxBodyOctets) break;
  }
  return body;
}

function withContacts(
  reginfo: Reginfo,
  contactsOf: (registration: ReginfoRegistration, index: number) => readonly ReginfoContact[],
): Reginfo {
  const registrations = reginfo.registrations.map((each, index) => ({ ...each, contacts: contactsOf(each, index) }));
  return { ...reginfo, registrations };
}

function withoutFeatures(contact: ReginfoContact): ReginfoContact {
  const kept = [...contact.unknownParams].filter(([name]) => name === '+sip.instance' || name === 'reg-id');
  return { ...contact, unknownParams: new Map(kept) };
}

/**
 * The contact of an emergency registration (TS 24.229 7.2A.13): its URI has the parameter `sos`.
 *
 * @module
 */
import { findContacts, parseUri, SipError, type SipRequest } from '@wicgate/sip';

/** @throws {HeaderMalformed} */
export function isEmergencyContact(text: string): boolean {
  const uri = parseUri(text, 'Contact');
  return uri.scheme !== 'tel' && uri.params.has('sos');
}

/** Whether a REGISTER is about such a contact; one that cannot be read is not, and is refused for that elsewhere. */
export function isEmergencyRegistration({ headers }: SipRequest): boolean {
  try {
    const contacts = findContacts(headers);
    return contacts !== '*' && contacts.length === 1 && contacts.every(({ uri }) => isEmergencyContact(uri));
  } catch (error) {
    if (error instanceof SipError) return false;
    throw error;
  }
}

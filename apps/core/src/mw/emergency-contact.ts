/**
 * The contact of an emergency registration (TS 24.229 7.2A.13): its URI has the parameter `sos`.
 *
 * @module
 */
import { parseUri } from '@wicgate/sip';

/** @throws {HeaderMalformed} */
export function isEmergencyContact(text: string): boolean {
  const uri = parseUri(text, 'Contact');
  return uri.scheme !== 'tel' && uri.params.has('sos');
}

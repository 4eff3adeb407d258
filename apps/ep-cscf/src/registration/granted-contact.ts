/**
 * The contact of a REGISTER: which flow it names, and what the registrar granted for it (RFC 3261 10.3, RFC 5626 4.2).
 *
 * @module
 */
import {
  type Contact,
  findContacts,
  findNumber,
  HeaderMalformed,
  isSameUri,
  type SipRequest,
  type SipResponse,
} from '@wicgate/sip';
import { isEmergencyContact } from '../emergency/emergency-contact.ts';
import { RequestRefused } from '../errors.ts';

export type RequestedContact =
  /** A query, or `*`: no contact of its own. */
  | { readonly kind: 'query' | 'all' }
  | {
      readonly kind: 'one';
      readonly uri: string;
      /** Undefined where it names no flow: instance and reg-id go together. */
      readonly flow: { readonly instance: string; readonly regId: number } | undefined;
      readonly isEmergency: boolean;
    };

/** Where the registrar names no time (RFC 3261 10.2.1.1). */
const defaultExpiresSeconds = 3_600;
const maxInstanceCharacters = 128;

/**
 * The one contact of a REGISTER: a WIC has one flow, and registers it.
 *
 * @throws {RequestRefused} there are several. @throws {HeaderMalformed}
 */
export function readContact({ headers }: SipRequest): RequestedContact {
  if (headers.all('Contact').length > 1) throw new RequestRefused('several contacts');
  const contacts = findContacts(headers);
  if (contacts === '*') return { kind: 'all' };
  const [contact] = contacts;
  if (contact === undefined) return { kind: 'query' };
  return { kind: 'one', uri: contact.uri, flow: findFlow(contact), isEmergency: isEmergencyContact(contact.uri) };
}

function findFlow({ params, instanceId, regId }: Contact): { instance: string; regId: number } | undefined {
  if (!params.has('+sip.instance') || !params.has('reg-id')) return undefined;
  if (regId === undefined) throw new HeaderMalformed('Contact', 0, 'reg-id');
  if (instanceId === undefined || instanceId.length > maxInstanceCharacters) {
    throw new HeaderMalformed('Contact', 0, '+sip.instance');
  }
  return { instance: instanceId, regId };
}

/** Seconds that a 200 grants the contact; undefined: it is not, or no longer, registered. */
export function findGrantedSeconds(requested: RequestedContact, { headers }: SipResponse): number | undefined {
  if (requested.kind !== 'one') return undefined;
  const contacts = findContacts(headers);
  const granted = contacts === '*' ? undefined : contacts.find((contact) => isSame(requested, contact));
  if (granted === undefined) return undefined;
  const seconds = granted.expiresSeconds ?? findNumber(headers, 'Expires') ?? defaultExpiresSeconds;
  return seconds > 0 ? seconds : undefined;
}

/**
 * A contact with a flow is known by it (RFC 5626 6), another by its URI (RFC 3261 10.2.4); that of an emergency
 * registration is another one (TS 24.229 7.2A.13).
 */
function isSame({ uri, flow, isEmergency }: Extract<RequestedContact, { kind: 'one' }>, granted: Contact): boolean {
  if (isEmergencyContact(granted.uri) !== isEmergency) return false;
  if (flow === undefined) return isSameUri(uri, granted.uri);
  return granted.instanceId === flow.instance && granted.regId === flow.regId;
}

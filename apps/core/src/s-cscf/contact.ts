/**
 * The Contact header fields of a REGISTER (RFC 3261 10.2.1, RFC 5626 4.2).
 *
 * @module
 */
import { type Contact, findContacts, formatUri, HeaderMalformed, parseUri, type SipRequest } from '@wicgate/sip';
import { isEmergencyContact } from '../mw/emergency-contact.ts';

export interface RequestedContact {
  /** A SIP or SIPS URI, without header fields of its own: it becomes a Request-URI (RFC 3261 19.1.1). */
  readonly uri: string;
  /** Header field parameters as written, without `expires`. */
  readonly params: ReadonlyMap<string, string>;
  /** Seconds; undefined leaves it to the Expires header field. */
  readonly expiresSeconds: number | undefined;
  /** 0 to 1; undefined counts as 1 (RFC 3261 16.6). */
  readonly q: number | undefined;
  /** `+sip.instance` without quotes and brackets. */
  readonly instance: string | undefined;
  /** Undefined also where the flow is not to be kept (RFC 5626 6). */
  readonly regId: number | undefined;
  /** The URI parameter `sos`: an emergency registration (TS 24.229 7.2A.13). */
  readonly isEmergency: boolean;
}

const maxContacts = 10;

/**
 * The contacts of a REGISTER; `all` stands for `*`. `isOutbound` says whether flows are kept.
 *
 * @throws {HeaderMalformed} against the grammar, `*` beside others, or more than ten.
 */
export function readContacts({ headers }: SipRequest, isOutbound: boolean): readonly RequestedContact[] | 'all' {
  const contacts = findContacts(headers);
  if (contacts === '*') return 'all';
  if (contacts.length > maxContacts) throw new HeaderMalformed('Contact', 0, `at most ${maxContacts} contacts`);
  return contacts.map((contact) => readContact(contact, isOutbound));
}

function readContact(
  { uri, params, expiresSeconds, q, instanceId, regId }: Contact,
  isOutbound: boolean,
): RequestedContact {
  if (params.has('expires') && expiresSeconds === undefined) throw new HeaderMalformed('Contact', 0, 'expires');
  if (params.has('reg-id') && regId === undefined) throw new HeaderMalformed('Contact', 0, 'reg-id');
  const kept = new Map(params);
  kept.delete('expires');
  return {
    uri: readContactUri(uri),
    params: kept,
    expiresSeconds,
    q,
    instance: instanceId,
    regId: isOutbound ? regId : undefined,
    isEmergency: isEmergencyContact(uri),
  };
}

function readContactUri(text: string): string {
  const uri = parseUri(text, 'Contact');
  if (uri.scheme === 'tel') throw new HeaderMalformed('Contact', 0, 'a SIP URI');
  return uri.headers === '' ? text : formatUri({ ...uri, headers: '' });
}

/**
 * What a registrar does with reg-id and `outbound` in a REGISTER (RFC 5626 6).
 *
 * @module
 */
import { findContacts } from '../headers/contact.ts';
import { parseNameAddr } from '../headers/name-addr.ts';
import { hasToken } from '../headers/token-list.ts';
import type { SipRequest } from '../messages/message.ts';
import { parseUri } from '../uris/uri.ts';

/** How a registrar binds the contact of a REGISTER. */
export type RegistrarOutbound =
  /** Bind by instance and reg-id; the 2xx has `Require: outbound`. */
  | { readonly type: 'outbound'; readonly instanceId: string; readonly regId: number }
  /** Bind by URI alone, as RFC 3261 10.3 has it. */
  | { readonly type: 'plain' }
  /** 400: several contacts with a reg-id; 439: the first hop does not keep the flow. */
  | { readonly type: 'refuse'; readonly statusCode: 400 | 439 };

/** @throws {HeaderMalformed} Contact, Path or Supported is broken. */
export function decideRegistrarOutbound({ headers }: SipRequest): RegistrarOutbound {
  const contacts = findContacts(headers);
  if (contacts === '*') return { type: 'plain' };
  const bound = contacts.filter(({ instanceId, regId }) => instanceId !== undefined && regId !== undefined);
  const [contact] = bound;
  if (contact?.instanceId === undefined || contact.regId === undefined) return { type: 'plain' };
  if (!hasToken(headers, 'Supported', 'outbound')) return { type: 'plain' };
  if (bound.filter(({ expiresSeconds }) => expiresSeconds !== 0).length > 1) return { type: 'refuse', statusCode: 400 };
  // Directly from the user agent, or by way of a first hop that says it keeps the flow.
  const isDirect = headers.all('Via').length === 1 && !headers.has('Path');
  if (!isDirect && !hasOb(headers.all('Path').at(-1))) return { type: 'refuse', statusCode: 439 };
  return { type: 'outbound', instanceId: contact.instanceId, regId: contact.regId };
}

/** The value next to the user agent is the last one: each proxy puts its own on top (RFC 3327 5.2). */
function hasOb(path: string | undefined): boolean {
  if (path === undefined) return false;
  const uri = parseUri(parseNameAddr(path, 'Path').uri, 'Path');
  return uri.scheme !== 'tel' && uri.params.has('ob');
}

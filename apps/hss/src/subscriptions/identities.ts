/**
 * Private and public user identities in their canonical form (TS 23.003 13.3 and 13.4).
 *
 * What a CSCF or an operator writes is compared with what is stored only after it went through here.
 *
 * @module
 */
import { canonicalImpu, HeaderMalformed, parseUri, type SipUri, type TelUri } from '@wicgate/sip';

const maxLength = 255;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const domainName = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`);
/** The dot-string of RFC 7542 2.2, without the characters beyond ASCII. */
const naiUser = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[a-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/i;
const escapedControl = /%(?:[01][0-9a-f]|7f)/i;
const globalNumber = /^\+[0-9]{1,15}$/;

/** Whether `text` is a domain name in lower case (TS 23.003 13.2). */
export function isDomainName(text: string): boolean {
  return domainName.test(text);
}

/** The private identity, a NAI (RFC 7542), with its realm in lower case; undefined for anything else. */
export function canonicalImpi(text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  const at = text.lastIndexOf('@');
  const user = text.slice(0, Math.max(at, 0));
  const realm = text.slice(at + 1).toLowerCase();
  return naiUser.test(user) && isDomainName(realm) ? `${user}@${realm}` : undefined;
}

/**
 * The public identity as every node writes it; undefined for what is none.
 *
 * Accepts `sip:` and `sips:` URIs with a user and `tel:` URIs with a global number.
 */
export function findCanonicalImpu(text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return isImpu(parseUri(text)) ? canonicalImpu(text) : undefined;
  } catch (error) {
    if (error instanceof HeaderMalformed) return undefined;
    throw error;
  }
}

/** A password, and headers after `?`, make no identity; nor does an escape that hides a control character. */
function isImpu(uri: SipUri | TelUri): boolean {
  if (uri.scheme === 'tel') return globalNumber.test(uri.number.replace(/[-.()]/g, ''));
  const { user, password, headers, host } = uri;
  if (user === undefined || password !== undefined || headers !== '' || !isDomainName(host)) return false;
  return !escapedControl.test(user);
}

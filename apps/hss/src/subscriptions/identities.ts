/**
 * Private and public user identities in their canonical form (TS 23.003 13.3 and 13.4).
 *
 * What a CSCF or an operator writes is compared with what is stored only after it went through here.
 *
 * @module
 */

const maxLength = 255;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const domainName = new RegExp(`^(?=.{1,253}$)${label}(?:\\.${label})*$`);
/** The dot-string of RFC 7542 2.2, without the characters beyond ASCII. */
const naiUser = /^[a-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[a-z0-9!#$%&'*+\-/=?^_`{|}~]+)*$/i;
/** The user of RFC 3261 25.1, unreserved and user-unreserved, or an escape. */
const sipUser = /^(?:[a-z0-9\-_.!~*'()&=+$,;?/]|%[0-9a-f]{2})+$/i;
const plainInSipUser = /^[a-z0-9\-_.!~*'()&=+$,;?/]$/i;
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
 * The public identity without port, parameters and needless escapes, host in lower case; undefined for anything else.
 *
 * Accepts `sip:` and `sips:` URIs with a user and `tel:` URIs with a global number.
 */
export function canonicalImpu(text: string): string | undefined {
  if (text.length > maxLength) return undefined;
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  const rest = text.slice(colon + 1);
  if (scheme === 'tel') return canonicalTel(rest);
  if (scheme === 'sip' || scheme === 'sips') return canonicalSip(scheme, rest);
  return undefined;
}

function canonicalTel(rest: string): string | undefined {
  const number = (rest.split(';', 1)[0] ?? '').replace(/[-.()]/g, '');
  return globalNumber.test(number) ? `tel:${number}` : undefined;
}

/** A password, and headers after `?`, make no identity. */
function canonicalSip(scheme: string, rest: string): string | undefined {
  const at = rest.indexOf('@');
  const user = rest.slice(0, Math.max(at, 0));
  const hostport = /^([a-z0-9.-]+)(?::[0-9]{1,5})?(?:;[^?@]*)?$/.exec(rest.slice(at + 1).toLowerCase());
  const host = hostport?.[1] ?? '';
  if (!sipUser.test(user) || !isDomainName(host)) return undefined;
  const plain = unescapeUser(user);
  return plain === undefined ? undefined : `${scheme}:${plain}@${host}`;
}

/** Undefined where an escape hides a control character. */
function unescapeUser(user: string): string | undefined {
  let controls = false;
  const plain = user.replace(/%([0-9a-f]{2})/gi, (escaped, hex: string) => {
    const octet = Number.parseInt(hex, 16);
    if (octet < 0x20 || octet === 0x7f) controls = true;
    const character = String.fromCharCode(octet);
    return plainInSipUser.test(character) ? character : escaped.toUpperCase();
  });
  return controls ? undefined : plain;
}

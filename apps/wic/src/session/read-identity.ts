/**
 * Reads the identities that a person types: the way people write them, not only the way networks do.
 *
 * @module
 */

/** RFC 3261 25.1, without what separates. */
const user = "[A-Za-z0-9_.!~*'()&=+$,-]{1,128}";
const host = '[A-Za-z0-9](?:[A-Za-z0-9.-]{0,189}[A-Za-z0-9])?';
const sip = new RegExp(`^(?:sips?:)?${user}@${host}$`, 'iu');
const alone = new RegExp(`^(?:sips?:)?${user}$`, 'iu');
const telephone = /^(?:tel:)?\+\d{3,15}$/iu;
const telephoneMarks = /[\s().-]/gu;
const privateIdentity = new RegExp(`^[^\\s\\p{Cc}"\\\\<>@]{1,128}@${host}$`, 'u');

/** `dora`, `dora@ims.example`, `sip:dora@ims.example` or `+49 30 1234`, as a URI; undefined: none of these. */
export function readPublicIdentity(text: string, homeDomain: string): string | undefined {
  const typed = text.trim();
  const number = typed.replace(telephoneMarks, '');
  if (telephone.test(number)) return withScheme(number, 'tel');
  if (sip.test(typed)) return withScheme(typed, 'sip');
  return alone.test(typed) ? withScheme(`${typed}@${homeDomain}`, 'sip') : undefined;
}

/** `dora` or `dora@ims.example`, as name@domain; undefined: neither. */
export function readPrivateIdentity(text: string, homeDomain: string): string | undefined {
  const typed = text.trim();
  const whole = typed.includes('@') ? typed : `${typed}@${homeDomain}`;
  return privateIdentity.test(whole) ? whole : undefined;
}

function withScheme(typed: string, scheme: string): string {
  return /^(?:sips?|tel):/iu.test(typed)
    ? typed.replace(/^[a-z]+:/iu, (name) => name.toLowerCase())
    : `${scheme}:${typed}`;
}

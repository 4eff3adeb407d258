/**
 * What a person types or a page gives as the one to call, as a URI (RFC 3261 19.1, RFC 3966).
 *
 * @module
 */
import { encodeUtf8, formatUri, parseUri, SipError } from '@wicgate/sip';
import { TargetInvalid } from '../errors.ts';

const maxCharacters = 256;
const expected = 'a name, an address, or a sip: or tel: URI';

/**
 * `bob` is somebody of `homeDomain`; `bob@host`, `sip:…`, `tel:…` and `+49 30 …` are what they say.
 *
 * @throws {TargetInvalid}
 */
export function parseTarget(target: string, homeDomain: string): string {
  const text = target.trim();
  if (text === '' || text.length > maxCharacters) throw new TargetInvalid(`1 to ${maxCharacters} characters`);
  if (isGlobalNumber(text)) return readTel(`tel:${text}`);
  if (text.startsWith('+')) throw new TargetInvalid(expected);
  const scheme = /^([a-z][a-z0-9+.-]*):/iu.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'tel') return readTel(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
  if (/[\s<>"\u0000-\u001f\u007f]/u.test(text)) throw new TargetInvalid(expected);
  if (scheme === 'sip') return readSip(text);
  if (scheme !== undefined) throw new TargetInvalid(expected);
  const at = text.lastIndexOf('@');
  const user = at < 0 ? text : text.slice(0, at);
  if (user === '' || user.includes('@')) throw new TargetInvalid(expected);
  return readSip(`sip:${escapeUser(user)}@${at < 0 ? homeDomain : text.slice(at + 1)}`);
}

/** A plus sign and digits, with or without visual separators. */
function isGlobalNumber(text: string): boolean {
  return /^\+[\d\-.() ]*\d[\d\-.() ]*$/u.test(text);
}

/** Header fields in a URI would be written in our INVITE (RFC 3261 19.1.5): nobody else writes there. */
function readSip(text: string): string {
  const uri = read(text);
  if (uri.scheme !== 'sip' || uri.headers !== '' || uri.password !== undefined || uri.params.has('method')) {
    throw new TargetInvalid(expected);
  }
  return formatUri(uri);
}

function readTel(text: string): string {
  const uri = read(text.replaceAll(/[ ]/gu, ''));
  if (uri.scheme !== 'tel') throw new TargetInvalid(expected);
  return formatUri({ ...uri, number: uri.number.replaceAll(/[-.()]/gu, '') });
}

function read(text: string): ReturnType<typeof parseUri> {
  try {
    return parseUri(text);
  } catch (error) {
    if (error instanceof SipError) throw new TargetInvalid(expected);
    throw error;
  }
}

/** Everything but unreserved characters and `+`, which numbers start with, is escaped (RFC 3261 19.1.2). */
function escapeUser(user: string): string {
  const escapeOctet = (octet: number): string => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  return user.replaceAll(/[^A-Za-z0-9\-_.!~*'()+]/gu, (character) =>
    [...encodeUtf8(character)].map(escapeOctet).join(''),
  );
}

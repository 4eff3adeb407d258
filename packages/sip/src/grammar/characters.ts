/**
 * Character classes of the grammar as one bit table (RFC 3261 25.1).
 *
 * @module
 */

const alphanum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** token: method names, parameter names, option tags. */
export const tokenClass = 1;
/** hostname and IPv4address; the underscore is no host character by the grammar but is met in networks. */
export const hostClass = 2;
export const ipv6Class = 4;
/** An unquoted parameter value: token, host, and what peers write unquoted in extension parameters. */
export const parameterValueClass = 8;
export const digitClass = 16;
/** token without capital letters. */
export const lowerTokenClass = 32;
/** What a URI may hold: no white space, control character, quote or angle bracket. Beyond ASCII all may stand. */
export const uriClass = 64;
/** What may stand in a scheme after its first letter. */
export const schemeClass = 128;

const classes = new Uint8Array(256);
/** The classes of each octet; those beyond ASCII have none. The engine folds `classes`, which is not exported. */
export const classOfOctet: Uint8Array = classes;

function add(mask: number, characters: string): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    classes[code] = (classes[code] ?? 0) | mask;
  }
}

add(tokenClass, `${alphanum}-.!%*_+\`'~`);
add(hostClass, `${alphanum}-._`);
add(ipv6Class, '0123456789abcdefABCDEF:.');
add(parameterValueClass, `${alphanum}-.!%*_+\`'~:[]/?@$&=(){}`);
add(digitClass, '0123456789');
add(lowerTokenClass, `${alphanum.toLowerCase()}-.!%*_+\`'~`);
add(schemeClass, `${alphanum}+-.`);
for (let code = 33; code < 127; code += 1) {
  if (code !== 34 && code !== 60 && code !== 62) classes[code] = (classes[code] ?? 0) | uriClass;
}

/** Whether a character of this code is of one of the classes in `mask`. */
export function isOfClass(code: number, mask: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & mask) !== 0;
}

export const isTokenCharacter = (code: number): boolean => isOfClass(code, tokenClass);
export const isHostCharacter = (code: number): boolean => isOfClass(code, hostClass);
export const isIpv6Character = (code: number): boolean => isOfClass(code, ipv6Class);
export const isParameterValueCharacter = (code: number): boolean => isOfClass(code, parameterValueClass);
export const isLowerLetter = (code: number): boolean => code >= 97 && code <= 122;
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Within a header field value that was unfolded already. */
export const isWhitespace = (code: number): boolean => code === 32 || code === 9;

/** Where the run of characters of a class that starts at `from` ends; at `to` at the latest. */
export function endOfRun(text: string, from: number, mask: number, to: number = text.length): number {
  let at = from;
  while (at < to) {
    const code = text.charCodeAt(at);
    if (code > 127 || ((classes[code] as number) & mask) === 0) break;
    at += 1;
  }
  return at;
}

/** Where the white space that starts at `from` ends; at `to` at the latest. */
export function endOfWhitespace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isWhitespace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Whether the text is one token (RFC 3261 25.1). */
export function isToken(text: string): boolean {
  return text !== '' && endOfRun(text, 0, tokenClass) === text.length;
}

/**
 * Whether the text is `scheme:rest` without white space, control characters, quotes or angle brackets; a part of it
 * where `from` and `to` are given.
 */
export function isUriText(text: string, from = 0, to: number = text.length): boolean {
  if (from >= to || !isLetter(text.charCodeAt(from))) return false;
  const colon = endOfRun(text, from, schemeClass, to);
  if (colon >= to || text.charCodeAt(colon) !== 58) return false;
  let at = endOfRun(text, colon + 1, uriClass, to);
  while (at < to && text.charCodeAt(at) > 127) at = endOfRun(text, at + 1, uriClass, to);
  return at >= to;
}

function isLetter(code: number): boolean {
  return isLowerLetter(code | 32);
}

/**
 * The characters of userinfo and of telephone numbers (RFC 3261 25.1, RFC 3966 3).
 *
 * @module
 */

const userCharacter = 1;
const localDigit = 2;
const hexDigit = 4;
const decimalDigit = 8;
const visualSeparator = 16;
const percent = 37;

const classes: Uint8Array = new Uint8Array(128);

function add(mask: number, characters: string): void {
  for (const character of characters) classes[character.charCodeAt(0)] = (classes[character.charCodeAt(0)] ?? 0) | mask;
}

add(userCharacter, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()&=+$,;?/:#");
add(localDigit, '0123456789abcdefABCDEF*#');
add(decimalDigit, '0123456789');
add(visualSeparator, '-.()');
add(hexDigit, '0123456789abcdefABCDEF');

/**
 * Whether `text` may stand before the `@`: unreserved and user-unreserved characters, a colon before the password, and
 * escapes of two digits. Peers send an unescaped `#` too.
 */
export function isUserinfo(text: string): boolean {
  if (text === '' || text.startsWith(':')) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === percent) {
      if (!isOfClass(text.charCodeAt(at + 1), hexDigit) || !isOfClass(text.charCodeAt(at + 2), hexDigit)) return false;
      at += 2;
    } else if (!isOfClass(code, userCharacter)) return false;
  }
  return true;
}

/**
 * Whether `text` is a global number with its `+`, or a local one, which may have letters up to F, `*` and `#`; with or
 * without visual separators, which alone are no number.
 */
export function isTelephoneNumber(text: string): boolean {
  const isGlobal = text.startsWith('+');
  const digit = isGlobal ? decimalDigit : localDigit;
  let digits = 0;
  for (let at = isGlobal ? 1 : 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isOfClass(code, digit)) digits += 1;
    else if (!isOfClass(code, visualSeparator)) return false;
  }
  return digits > 0;
}

function isOfClass(code: number, mask: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & mask) !== 0;
}

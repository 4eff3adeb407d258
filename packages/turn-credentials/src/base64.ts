/**
 * Base64 with padding (RFC 4648 4), for platforms of which nothing is known.
 *
 * @module
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function encodeBase64(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 3) {
    const left = octets.length - at;
    const group = ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0);
    text += digit(group >> 18) + digit(group >> 12);
    text += left > 1 ? digit(group >> 6) : '=';
    text += left > 2 ? digit(group) : '=';
  }
  return text;
}

/** The character of the lowest six bits. */
function digit(bits: number): string {
  return alphabet.charAt(bits & 0x3f);
}

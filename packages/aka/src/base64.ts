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

/** Undefined where the text is not the one that {@link encodeBase64} gives for some octets. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const digits = text.length - padding;
  const octets = new Uint8Array(Math.floor((digits * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const character of text.slice(0, digits)) {
    const value = alphabet.indexOf(character);
    if (value === -1) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    octets[at] = bits >> held;
    at += 1;
  }
  const leftover = bits & ((1 << held) - 1);
  return leftover === 0 ? octets : undefined;
}

/** The character of the lowest six bits. */
function digit(bits: number): string {
  return alphabet.charAt(bits & 0x3f);
}

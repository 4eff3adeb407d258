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

/**
 * The octets; undefined if `text` is anything but what {@link encodeBase64} writes: other characters, a wrong length,
 * padding left out, bits left over that are not zero.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0) return undefined;
  const octets = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, to = 0; at < text.length; at += 4, to += 3) {
    let group = 0;
    for (let step = 0; step < 4; step += 1) {
      const isPadding = at + step >= text.length - padding;
      const bits = isPadding ? 0 : alphabet.indexOf(text.charAt(at + step));
      if (bits === -1) return undefined;
      group = (group << 6) | bits;
    }
    for (let step = 0; step < 3 && to + step < octets.length; step += 1) {
      octets[to + step] = (group >> (16 - 8 * step)) & 0xff;
    }
  }
  return encodeBase64(octets) === text ? octets : undefined;
}

/** The character of the lowest six bits. */
function digit(bits: number): string {
  return alphabet.charAt(bits & 0x3f);
}

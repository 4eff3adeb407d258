/**
 * Escapes in URIs (RFC 3261 19.1.2, 19.1.4).
 *
 * @module
 */

/** Escapes of unreserved characters are undone, the others get upper-case digits: equal texts become the same. */
export function unescapeUnreserved(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%([0-9a-fA-F]{2})/gu, (written, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[A-Za-z0-9\-_.!~*'()]/u.test(character) ? character : written.toUpperCase();
  });
}

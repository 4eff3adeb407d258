/**
 * Private identities (TS 23.003 13.3).
 *
 * @module
 */

/** Whether `text` is a network access identifier of at most 255 characters. */
export function isPrivateIdentity(text: string): boolean {
  return text.length <= 255 && /^[^\s\p{Cc}"\\<>@]+@[A-Za-z0-9.-]+$/u.test(text);
}

/** A private identity in one spelling: domain names differ in nothing by their case (RFC 7542 2.5). */
export function canonicalImpi(impi: string): string {
  const domainStart = impi.lastIndexOf('@') + 1;
  return impi.slice(0, domainStart) + impi.slice(domainStart).toLowerCase();
}

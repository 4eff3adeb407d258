/**
 * The parameter `auts` of Digest credentials: AUTS in base64 (RFC 3310 3.4).
 *
 * @module
 */
import { autsOctets } from './auts.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { AutsMalformed } from './errors.ts';
import { requireOctets } from './require-octets.ts';

/** @throws {TypeError} AUTS has not 14 octets. */
export function formatAuts(auts: Uint8Array): string {
  requireOctets('AUTS', auts, autsOctets);
  return encodeBase64(auts);
}

/** 14 octets; the inverse of {@link formatAuts}. @throws {AutsMalformed} */
export function parseAuts(value: string): Uint8Array {
  // 14 octets make 20 characters.
  const octets = value.length === 20 ? decodeBase64(value) : undefined;
  if (octets?.length !== autsOctets) throw new AutsMalformed();
  return octets;
}

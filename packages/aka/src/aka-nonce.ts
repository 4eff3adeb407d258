/**
 * The nonce of Digest AKA: base64 of RAND, AUTN and whatever the server adds (RFC 3310 3.2).
 *
 * @module
 */
import { concatBytes } from '@noble/hashes/utils.js';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { AkaNonceMalformed } from './errors.ts';
import { requireOctets } from './require-octets.ts';

/** A challenge of AKA. */
export interface AkaNonce {
  /** 16 octets. */
  readonly rand: Uint8Array;
  /** 16 octets. */
  readonly autn: Uint8Array;
  /** Means something to the server alone. */
  readonly serverData: Uint8Array;
}

const maxLength = 1024;

/** Undefined server data is none. @throws {TypeError} RAND or AUTN has not 16 octets, or the nonce is too long. */
export function formatAkaNonce({ rand, autn, serverData }: Omit<AkaNonce, 'serverData'> & Partial<AkaNonce>): string {
  requireOctets('RAND', rand, 16);
  requireOctets('AUTN', autn, 16);
  const nonce = encodeBase64(concatBytes(rand, autn, serverData ?? new Uint8Array()));
  if (nonce.length > maxLength) throw new TypeError(`nonce: expected at most ${maxLength} characters`);
  return nonce;
}

/** The inverse of {@link formatAkaNonce}. @throws {AkaNonceMalformed} */
export function parseAkaNonce(nonce: string): AkaNonce {
  if (nonce.length > maxLength) throw new AkaNonceMalformed(`at most ${maxLength} characters`);
  const octets = decodeBase64(nonce);
  if (octets === undefined) throw new AkaNonceMalformed('base64');
  if (octets.length < 32) throw new AkaNonceMalformed('32 octets or more');
  return { rand: octets.slice(0, 16), autn: octets.slice(16, 32), serverData: octets.slice(32) };
}

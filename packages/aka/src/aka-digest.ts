/**
 * What AKA puts in the place of the Digest password (RFC 3310 3.3, RFC 4169 3, TS 33.203 X.2.3).
 *
 *     AKAv1: RES
 *     AKAv2: base64(PRF(RES || IK || CK, "http-digest-akav2-password"))
 *
 * PRF is HMAC with the hash of the algorithm; RES, IK and CK are its key.
 *
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { AuthenticateResult } from './authenticate.ts';
import { formatAuts } from './auts-parameter.ts';
import { encodeBase64 } from './base64.ts';
import { requireOctets } from './require-octets.ts';

/** In the spelling of their RFCs. */
export type AkaDigestAlgorithm = 'AKAv1-MD5' | 'AKAv2-MD5' | 'AKAv2-SHA-256';

/** Of the ISIM, or of a vector, where RES is XRES. Secret. */
export interface AkaSession {
  /** 4 to 16 octets (TS 33.102 6.3.7). */
  readonly res: Uint8Array;
  /** 16 octets. */
  readonly ck: Uint8Array;
  /** 16 octets. */
  readonly ik: Uint8Array;
}

/** What answers a challenge. The password is secret. */
export interface AkaDigestAnswer {
  /** Octets go into H(A1) as they are, text as UTF-8; '' beside `auts`. */
  readonly password: string | Uint8Array;
  /** Base64, for the parameter of this name. */
  readonly auts?: string;
}

const algorithms: readonly AkaDigestAlgorithm[] = ['AKAv1-MD5', 'AKAv2-MD5', 'AKAv2-SHA-256'];
const label: Uint8Array = utf8ToBytes('http-digest-akav2-password');

/** The algorithm of that name, whatever its case. */
export function findAkaDigestAlgorithm(name: string): AkaDigestAlgorithm | undefined {
  const wanted = name.toLowerCase();
  return algorithms.find((algorithm) => algorithm.toLowerCase() === wanted);
}

/** The password, the same at both ends. @throws {TypeError} RES, CK or IK has a wrong length. */
export function akaDigestPassword(algorithm: AkaDigestAlgorithm, { res, ck, ik }: AkaSession): string | Uint8Array {
  if (res.length < 4 || res.length > 16) throw new TypeError('RES: expected 4 to 16 octets');
  requireOctets('CK', ck, 16);
  requireOctets('IK', ik, 16);
  if (algorithm === 'AKAv1-MD5') return res.slice();
  const hash = algorithm === 'AKAv2-MD5' ? md5 : sha256;
  return encodeBase64(hmac(hash, concatBytes(res, ik, ck), label));
}

/**
 * What the terminal makes of the ISIM's answer; after a synchronisation failure the response is computed with an
 * empty password (RFC 3310 3.4).
 *
 * Undefined after a MAC failure: the challenge is not the network's.
 */
export function akaDigestAnswer(
  algorithm: AkaDigestAlgorithm,
  result: AuthenticateResult,
): AkaDigestAnswer | undefined {
  switch (result.outcome) {
    case 'success':
      return { password: akaDigestPassword(algorithm, result) };
    case 'synchronisation failure':
      return { password: '', auts: formatAuts(result.auts) };
    case 'MAC failure':
      return undefined;
  }
}

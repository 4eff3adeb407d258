/**
 * MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and the keys of long-term credentials (RFC 8489 9.2.2, 14.5, 14.6).
 *
 * @module
 */
import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { attributeType } from './attribute-type.ts';
import type { DecodedMessage } from './decode-message.ts';
import { headerLength } from './message.ts';
import type { PasswordAlgorithm } from './password-algorithm.ts';

/** `sha1` for MESSAGE-INTEGRITY, `sha256` for MESSAGE-INTEGRITY-SHA256. */
export type IntegrityHash = 'sha1' | 'sha256';

/** The attribute of each hash; `length` in octets, uncut. */
export const integrityAttributes: Readonly<Record<IntegrityHash, { readonly type: number; readonly length: number }>> =
  {
    sha1: { type: attributeType['MESSAGE-INTEGRITY'], length: 20 },
    sha256: { type: attributeType['MESSAGE-INTEGRITY-SHA256'], length: 32 },
  };

const keyHashes: Readonly<Record<PasswordAlgorithm, string>> = { 'MD5': 'md5', 'SHA-256': 'sha256' };

/**
 * MD5 (16 octets) or SHA-256 (32) of `username:realm:password`. The three must have been prepared by OpaqueString
 * (RFC 8265) already; ASCII text is.
 */
export function longTermKey(
  username: string,
  realm: string,
  password: string,
  algorithm: PasswordAlgorithm = 'MD5',
): Buffer {
  return createHash(keyHashes[algorithm]).update(`${username}:${realm}:${password}`).digest();
}

/**
 * Whether the message carries the integrity attribute of `hash`, made with `key`. Takes the same time wherever it
 * differs. A MESSAGE-INTEGRITY-SHA256 that was cut is compared as far as it goes (RFC 8489 14.6): see
 * {@link integritySha256Length}. A KeyObject spares preparing the key each time.
 */
export function isIntegrityValid(
  message: DecodedMessage,
  key: Buffer | KeyObject,
  hash: IntegrityHash = 'sha1',
): boolean {
  const at = hash === 'sha1' ? message.integrityAt : message.integritySha256At;
  if (at === undefined) return false;
  const { octets } = message;
  const end = at + 4 + octets.readUInt16BE(at + 2);
  const header = Buffer.allocUnsafe(headerLength);
  octets.copy(header, 0, 0, headerLength);
  header.writeUInt16BE(end - headerLength, 2);
  const expected = createHmac(hash, key).update(header).update(octets.subarray(headerLength, at)).digest();
  return timingSafeEqual(expected.subarray(0, end - at - 4), octets.subarray(at + 4, end));
}

/** Octets of the message's MESSAGE-INTEGRITY-SHA256: 16 to 32; 0 if it has none. */
export function integritySha256Length({ octets, integritySha256At }: DecodedMessage): number {
  return integritySha256At === undefined ? 0 : octets.readUInt16BE(integritySha256At + 2);
}

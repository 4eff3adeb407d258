/**
 * MESSAGE-INTEGRITY and the key of long-term credentials (RFC 8489 9.2.2, 14.5).
 *
 * @module
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { DecodedMessage } from './decode-message.ts';
import { headerLength } from './message.ts';

/**
 * 16 octets: MD5 of the three. User name and password must have been prepared (RFC 8265) already; ASCII ones are.
 */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest();
}

/** Whether the message carries MESSAGE-INTEGRITY made with `key`. Takes the same time wherever it differs. */
export function isIntegrityValid(message: DecodedMessage, key: Buffer): boolean {
  const { octets, integrityAt } = message;
  if (integrityAt === undefined) return false;
  const header = Buffer.from(octets.subarray(0, headerLength));
  header.writeUInt16BE(integrityAt + 24 - headerLength, 2);
  const expected = createHmac('sha1', key).update(header).update(octets.subarray(headerLength, integrityAt)).digest();
  return timingSafeEqual(expected, octets.subarray(integrityAt + 4, integrityAt + 24));
}

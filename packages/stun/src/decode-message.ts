/**
 * Reads STUN messages (RFC 8489 5, 6.3, 14).
 *
 * @module
 */
import { crc32 } from 'node:zlib';
import { attributeType } from './attribute-type.ts';
import { StunMalformed } from './errors.ts';
import { headerLength, magicCookie, messageClasses, type StunAttribute, type StunMessage } from './message.ts';

export interface DecodedMessage extends StunMessage {
  /** The message as it came. Attribute values are views of it. */
  readonly octets: Buffer;
  /** Where MESSAGE-INTEGRITY starts; undefined if there is none. */
  readonly integrityAt: number | undefined;
  /** Where MESSAGE-INTEGRITY-SHA256 starts; undefined if there is none. */
  readonly integritySha256At: number | undefined;
}

const maxAttributes = 64;
/** FINGERPRINT is the CRC-32 of what precedes it, combined with this (RFC 8489 14.7). */
export const fingerprintMask = 0x5354554e;

/**
 * Reads one whole message and checks its FINGERPRINT, if it has one. Integrity is left to who knows the key. What
 * follows MESSAGE-INTEGRITY counts for nothing, but for MESSAGE-INTEGRITY-SHA256 and FINGERPRINT; what follows
 * MESSAGE-INTEGRITY-SHA256 counts for nothing, but for FINGERPRINT (RFC 8489 14.5, 14.6).
 *
 * @throws {StunMalformed}
 */
export function decodeMessage(octets: Buffer): DecodedMessage {
  if (octets.length < headerLength) throw new StunMalformed('a header of 20 octets');
  const type = octets.readUInt16BE(0);
  if (type > 0x3fff) throw new StunMalformed('two zero bits at the start');
  if (octets.readUInt32BE(4) !== magicCookie) throw new StunMalformed('the magic cookie');
  if (octets.readUInt16BE(2) !== octets.length - headerLength) throw new StunMalformed('the length of the message');
  const { attributes, integrityAt, integritySha256At } = readAttributes(octets);
  return {
    class: messageClasses[((type >> 7) & 2) | ((type >> 4) & 1)] ?? 'request',
    method: ((type & 0x3e00) >> 2) | ((type & 0x00e0) >> 1) | (type & 0x000f),
    transactionId: octets.subarray(8, headerLength),
    attributes,
    octets,
    integrityAt,
    integritySha256At,
  };
}

interface Attributes {
  readonly attributes: readonly StunAttribute[];
  readonly integrityAt: number | undefined;
  readonly integritySha256At: number | undefined;
}

function readAttributes(octets: Buffer): Attributes {
  const attributes: StunAttribute[] = [];
  let integrityAt: number | undefined;
  let integritySha256At: number | undefined;
  let count = 0;
  for (let at = headerLength; at < octets.length; ) {
    if (octets.length - at < 4) throw new StunMalformed('an attribute of at least 4 octets');
    const type = octets.readUInt16BE(at);
    const length = octets.readUInt16BE(at + 2);
    const next = at + 4 + ((length + 3) & ~3);
    if (next > octets.length) throw new StunMalformed('an attribute that ends within the message');
    count += 1;
    if (count > maxAttributes) throw new StunMalformed(`at most ${maxAttributes} attributes`);
    const value = octets.subarray(at + 4, at + 4 + length);
    if (type === attributeType.FINGERPRINT) checkFingerprint(octets, at, value, next);
    else if (integritySha256At === undefined) {
      if (type === attributeType['MESSAGE-INTEGRITY-SHA256']) integritySha256At = readIntegritySha256(at, value);
      else if (integrityAt === undefined && type === attributeType['MESSAGE-INTEGRITY'])
        integrityAt = readIntegrity(at, value);
      else if (integrityAt === undefined) attributes.push({ type, value });
    }
    at = next;
  }
  return { attributes, integrityAt, integritySha256At };
}

function readIntegrity(at: number, value: Buffer): number {
  if (value.length !== 20) throw new StunMalformed('a MESSAGE-INTEGRITY of 20 octets');
  return at;
}

/** RFC 8489 14.6 lets it be cut, to no less than half. */
function readIntegritySha256(at: number, value: Buffer): number {
  if (value.length < 16 || value.length > 32 || value.length % 4 !== 0) {
    throw new StunMalformed('a MESSAGE-INTEGRITY-SHA256 of 16 to 32 octets, a multiple of 4');
  }
  return at;
}

function checkFingerprint(octets: Buffer, at: number, value: Buffer, next: number): void {
  if (next !== octets.length) throw new StunMalformed('FINGERPRINT as the last attribute');
  if (value.length !== 4) throw new StunMalformed('a FINGERPRINT of 4 octets');
  const expected = (crc32(octets.subarray(0, at)) ^ fingerprintMask) >>> 0;
  if (value.readUInt32BE(0) !== expected) throw new StunMalformed('a FINGERPRINT that matches');
}

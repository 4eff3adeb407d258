/**
 * Writes STUN messages (RFC 8489 5, 14).
 *
 * @module
 */
import { createHmac, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { attributeType } from './attribute-type.ts';
import { fingerprintMask } from './decode-message.ts';
import { type IntegrityHash, integrityAttributes } from './integrity.ts';
import { headerLength, magicCookie, messageClasses, type StunMessage } from './message.ts';

export interface Protection {
  /** Key of MESSAGE-INTEGRITY; undefined leaves the attribute out. */
  readonly integrityKey: Buffer | KeyObject | undefined;
  /** `sha256` writes MESSAGE-INTEGRITY-SHA256 instead; `sha1` unless given. */
  readonly integrityHash?: IntegrityHash | undefined;
  /** Whether FINGERPRINT ends the message. */
  readonly fingerprint: boolean;
}

/** The message with zeros as padding; its integrity attribute and FINGERPRINT come last, in this order. */
export function encodeMessage(message: StunMessage, { integrityKey, integrityHash, fingerprint }: Protection): Buffer {
  const hash = integrityHash ?? 'sha1';
  const attributesEnd = message.attributes.reduce((end, { value }) => end + 4 + padded(value.length), headerLength);
  const integrityEnd = attributesEnd + (integrityKey === undefined ? 0 : 4 + integrityAttributes[hash].length);
  const octets = Buffer.alloc(integrityEnd + (fingerprint ? 8 : 0));

  octets.writeUInt16BE(messageType(message), 0);
  octets.writeUInt32BE(magicCookie, 4);
  message.transactionId.copy(octets, 8);
  let at = headerLength;
  for (const { type, value } of message.attributes) {
    octets.writeUInt16BE(type, at);
    octets.writeUInt16BE(value.length, at + 2);
    value.copy(octets, at + 4);
    at += 4 + padded(value.length);
  }
  // Each check covers a header whose length ends with the check itself (RFC 8489 14.5 to 14.7).
  octets.writeUInt16BE(integrityEnd - headerLength, 2);
  if (integrityKey !== undefined) writeIntegrity(octets, attributesEnd, hash, integrityKey);
  octets.writeUInt16BE(octets.length - headerLength, 2);
  if (fingerprint) writeFingerprint(octets, integrityEnd);
  return octets;
}

function messageType(message: StunMessage): number {
  const bits = messageClasses.indexOf(message.class);
  const { method } = message;
  return ((method & 0xf80) << 2) | ((method & 0x070) << 1) | (method & 0x00f) | ((bits & 2) << 7) | ((bits & 1) << 4);
}

function writeIntegrity(octets: Buffer, at: number, hash: IntegrityHash, key: Buffer | KeyObject): void {
  const { type, length } = integrityAttributes[hash];
  octets.writeUInt16BE(type, at);
  octets.writeUInt16BE(length, at + 2);
  createHmac(hash, key)
    .update(octets.subarray(0, at))
    .digest()
    .copy(octets, at + 4);
}

function writeFingerprint(octets: Buffer, at: number): void {
  octets.writeUInt16BE(attributeType.FINGERPRINT, at);
  octets.writeUInt16BE(4, at + 2);
  octets.writeUInt32BE((crc32(octets.subarray(0, at)) ^ fingerprintMask) >>> 0, at + 4);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

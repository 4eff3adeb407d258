/**
 * LIFETIME, in seconds (RFC 8656 18.2).
 *
 * @module
 */
import { AttributeMalformed, attribute, findAttribute, type StunAttribute, type StunMessage } from '@wicgate/stun';

/** @throws {AttributeMalformed} */
export function findLifetime(message: StunMessage): number | undefined {
  const value = findAttribute(message, 'LIFETIME');
  if (value !== undefined && value.length !== 4) throw new AttributeMalformed('LIFETIME', '4 octets');
  return value?.readUInt32BE(0);
}

export function lifetimeAttribute(seconds: number): StunAttribute {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(seconds);
  return attribute('LIFETIME', value);
}

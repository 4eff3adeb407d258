/**
 * REQUESTED-ADDRESS-FAMILY and ADDITIONAL-ADDRESS-FAMILY (RFC 8656 18.6, 18.11).
 *
 * @module
 */
import { AttributeMalformed, findAttribute, type StunMessage } from '@wicgate/stun';
import type { AddressFamily } from '../relay/relay-socket.ts';

const families: ReadonlyMap<number, AddressFamily> = new Map([
  [0x01, 'IPv4'],
  [0x02, 'IPv6'],
]);

/** 'unknown' is a family that is none of the two; undefined, that the attribute is not there. @throws {AttributeMalformed} */
export function findFamily(
  message: StunMessage,
  name: 'REQUESTED-ADDRESS-FAMILY' | 'ADDITIONAL-ADDRESS-FAMILY',
): AddressFamily | 'unknown' | undefined {
  const value = findAttribute(message, name);
  if (value === undefined) return undefined;
  if (value.length !== 4) throw new AttributeMalformed(name, '4 octets');
  return families.get(value.readUInt8(0)) ?? 'unknown';
}

/**
 * REQUESTED-ADDRESS-FAMILY (RFC 8656 18.6).
 *
 * @module
 */
import { AttributeMalformed, findAttribute, type StunMessage } from '@wicgate/stun';

/** Whether the message asks for another family than IPv4, the one that is relayed. @throws {AttributeMalformed} */
export function asksForOtherFamily(message: StunMessage): boolean {
  const value = findAttribute(message, 'REQUESTED-ADDRESS-FAMILY');
  if (value === undefined) return false;
  if (value.length !== 4) throw new AttributeMalformed('REQUESTED-ADDRESS-FAMILY', '4 octets');
  return value.readUInt8(0) !== 0x01;
}

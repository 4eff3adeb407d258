/**
 * The attributes that carry a transport address, combined with cookie and transaction id (RFC 8489 14.2).
 *
 * On the way of media through Send and Data indications, so it makes no more than the value or the text.
 *
 * @module
 */
import { familyIPv4, familyIPv6, formatIPv4, formatIPv6, groupsOfIPv6, numberOfIPv4 } from './address.ts';
import type { AttributeName } from './attribute-type.ts';
import type { Endpoint } from './endpoint.ts';
import { AttributeMalformed } from './errors.ts';
import { magicCookie } from './message.ts';

const portMask = magicCookie >>> 16;

export function encodeXorAddress({ family, address, port }: Endpoint, transactionId: Buffer): Buffer {
  const value = Buffer.allocUnsafe(family === 'IPv4' ? 8 : 20);
  value.writeUInt16BE(family === 'IPv4' ? familyIPv4 : familyIPv6, 0);
  value.writeUInt16BE(port ^ portMask, 2);
  if (family === 'IPv4') {
    value.writeUInt32BE((numberOfIPv4(address) ^ magicCookie) >>> 0, 4);
    return value;
  }
  const groups = groupsOfIPv6(address);
  for (let at = 0; at < 8; at += 1) {
    value.writeUInt16BE((groups[at] ?? 0) ^ groupMask(at, transactionId), 4 + 2 * at);
  }
  return value;
}

/** @throws {AttributeMalformed} */
export function decodeXorAddress(name: AttributeName, value: Buffer, transactionId: Buffer): Endpoint {
  const family = value.length >= 4 ? value.readUInt8(1) : 0;
  if (family === familyIPv4 && value.length === 8) {
    const address = formatIPv4((value.readUInt32BE(4) ^ magicCookie) >>> 0);
    return { family: 'IPv4', address, port: value.readUInt16BE(2) ^ portMask };
  }
  if (family === familyIPv6 && value.length === 20) {
    const groups: number[] = [];
    for (let at = 0; at < 8; at += 1) groups.push(value.readUInt16BE(4 + 2 * at) ^ groupMask(at, transactionId));
    return { family: 'IPv6', address: formatIPv6(groups), port: value.readUInt16BE(2) ^ portMask };
  }
  throw new AttributeMalformed(name, 'an IPv4 or IPv6 transport address');
}

/** Cookie and transaction id, 16 bits of them. */
function groupMask(at: number, transactionId: Buffer): number {
  if (at === 0) return portMask;
  return at === 1 ? magicCookie & 0xffff : transactionId.readUInt16BE(2 * at - 4);
}

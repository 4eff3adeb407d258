/**
 * The attributes that carry a transport address, combined with cookie and transaction id (RFC 8489 14.2).
 *
 * @module
 */

import type { AttributeName } from './attribute-type.ts';
import type { Endpoint } from './endpoint.ts';
import { AttributeMalformed } from './errors.ts';
import { magicCookie } from './message.ts';

const familyIPv4 = 0x01;
const familyIPv6 = 0x02;

export function encodeXorAddress({ family, address, port }: Endpoint, transactionId: Buffer): Buffer {
  const plain = family === 'IPv4' ? octetsOfIPv4(address) : octetsOfIPv6(address);
  const value = Buffer.alloc(4 + plain.length);
  value.writeUInt8(family === 'IPv4' ? familyIPv4 : familyIPv6, 1);
  value.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  combine(plain, transactionId).copy(value, 4);
  return value;
}

/** @throws {AttributeMalformed} */
export function decodeXorAddress(name: AttributeName, value: Buffer, transactionId: Buffer): Endpoint {
  const family = value.length >= 4 ? value.readUInt8(1) : 0;
  if (family === familyIPv4 && value.length === 8) {
    const port = value.readUInt16BE(2) ^ (magicCookie >>> 16);
    return { family: 'IPv4', address: combine(value.subarray(4), transactionId).join('.'), port };
  }
  if (family === familyIPv6 && value.length === 20) {
    const port = value.readUInt16BE(2) ^ (magicCookie >>> 16);
    return { family: 'IPv6', address: formatIPv6(combine(value.subarray(4), transactionId)), port };
  }
  throw new AttributeMalformed(name, 'an IPv4 or IPv6 transport address');
}

/** Its own inverse. */
function combine(address: Buffer, transactionId: Buffer): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(magicCookie, 0);
  transactionId.copy(mask, 4);
  return Buffer.from(address.map((octet, at) => octet ^ mask.readUInt8(at)));
}

function octetsOfIPv4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

/** Reads compressed text too; an IPv4 tail has been written as groups. */
function octetsOfIPv6(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  const value = Buffer.alloc(16);
  const groups = [...before, ...zeros, ...after];
  for (const [at, group] of groups.entries()) value.writeUInt16BE(Number.parseInt(group, 16), 2 * at);
  return value;
}

function formatIPv6(octets: Buffer): string {
  return Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(2 * at).toString(16)).join(':');
}

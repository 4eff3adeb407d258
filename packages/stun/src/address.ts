/**
 * The attributes that carry a transport address in the clear (RFC 8489 14.1, 14.15), and the octets of addresses.
 *
 * @module
 */
import type { AttributeName } from './attribute-type.ts';
import type { Endpoint } from './endpoint.ts';
import { AttributeMalformed } from './errors.ts';

export const familyIPv4 = 0x01;
export const familyIPv6 = 0x02;

/** For MAPPED-ADDRESS and ALTERNATE-SERVER. */
export function encodeAddress({ family, address, port }: Endpoint): Buffer {
  const value = Buffer.alloc(family === 'IPv4' ? 8 : 20);
  value.writeUInt8(family === 'IPv4' ? familyIPv4 : familyIPv6, 1);
  value.writeUInt16BE(port, 2);
  if (family === 'IPv4') value.writeUInt32BE(numberOfIPv4(address), 4);
  else for (const [at, group] of groupsOfIPv6(address).entries()) value.writeUInt16BE(group, 4 + 2 * at);
  return value;
}

/** @throws {AttributeMalformed} */
export function decodeAddress(name: AttributeName, value: Buffer): Endpoint {
  const family = value.length >= 4 ? value.readUInt8(1) : 0;
  if (family === familyIPv4 && value.length === 8) {
    return { family: 'IPv4', address: formatIPv4(value.readUInt32BE(4)), port: value.readUInt16BE(2) };
  }
  if (family === familyIPv6 && value.length === 20) {
    const groups = Array.from({ length: 8 }, (_, at) => value.readUInt16BE(4 + 2 * at));
    return { family: 'IPv6', address: formatIPv6(groups), port: value.readUInt16BE(2) };
  }
  throw new AttributeMalformed(name, 'an IPv4 or IPv6 transport address');
}

/** Of dotted text; read by character, because this is on the way of media. */
export function numberOfIPv4(address: string): number {
  let number = 0;
  let octet = 0;
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at);
    if (code === 0x2e) {
      number = number * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + code - 0x30;
  }
  return number * 256 + octet;
}

export function formatIPv4(number: number): string {
  return `${number >>> 24}.${(number >>> 16) & 0xff}.${(number >>> 8) & 0xff}.${number & 0xff}`;
}

/** Eight groups of 16 bits. Reads compressed text, an IPv4 tail, and text with a zone, which is left out. */
export function groupsOfIPv6(address: string): readonly number[] {
  const [text = ''] = address.split('%', 1);
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}

export function formatIPv6(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}

function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const number = numberOfIPv4(group);
    return [number >>> 16, number & 0xffff];
  });
}

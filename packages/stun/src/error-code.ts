/**
 * The attributes ERROR-CODE, UNKNOWN-ATTRIBUTES and ADDRESS-ERROR-CODE (RFC 8489 14.8, 14.13; RFC 8656 18.12).
 *
 * @module
 */
import { familyIPv4, familyIPv6 } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import { AttributeMalformed } from './errors.ts';

export interface ErrorCode {
  /** 300 to 699. */
  readonly statusCode: number;
  readonly reasonPhrase: string;
}

export function encodeErrorCode({ statusCode, reasonPhrase }: ErrorCode): Buffer {
  const hundreds = Math.floor(statusCode / 100);
  return Buffer.concat([Buffer.from([0, 0, hundreds, statusCode % 100]), Buffer.from(reasonPhrase)]);
}

/** Why one of the two families of a dual allocation was not given. */
export function encodeAddressErrorCode(family: Endpoint['family'], errorCode: ErrorCode): Buffer {
  const value = encodeErrorCode(errorCode);
  value.writeUInt8(family === 'IPv4' ? familyIPv4 : familyIPv6, 0);
  return value;
}

/** @throws {AttributeMalformed} */
export function decodeErrorCode(value: Buffer): ErrorCode {
  if (value.length < 4 || value.length > 767) throw new AttributeMalformed('ERROR-CODE', '4 to 767 octets');
  const hundreds = value.readUInt8(2) & 0x07;
  const rest = value.readUInt8(3);
  if (hundreds < 3 || hundreds > 6 || rest > 99) throw new AttributeMalformed('ERROR-CODE', 'a number from 300 to 699');
  return { statusCode: 100 * hundreds + rest, reasonPhrase: value.subarray(4).toString() };
}

export function encodeUnknownAttributes(types: readonly number[]): Buffer {
  const value = Buffer.alloc(2 * types.length);
  for (const [at, type] of types.entries()) value.writeUInt16BE(type, 2 * at);
  return value;
}

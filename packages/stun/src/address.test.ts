import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAddress, encodeAddress } from './address.ts';
import { attributeType, isUnknownAndRequired } from './attribute-type.ts';
import type { Endpoint } from './endpoint.ts';
import { decodeErrorCode, encodeAddressErrorCode } from './error-code.ts';
import { method } from './method.ts';
import { decodeXorAddress, encodeXorAddress } from './xor-address.ts';

const port = fc.nat(65_535);
const ipv4 = fc.record({ family: fc.constant('IPv4' as const), address: fc.ipV4(), port });
const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
const ipv6 = fc.record({
  family: fc.constant('IPv6' as const),
  address: groups.map((numbers) => numbers.map((number) => number.toString(16)).join(':')),
  port,
});
const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(ipv4, ipv6);

describe('Addresses', () => {
  it('[RFC 8489 14.1] [RFC 8489 14.2] are read as they were written, in the clear and combined', () => {
    const id = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((octets) => Buffer.from(octets));
    fc.assert(
      fc.property(endpoint, id, (written, transactionId) => {
        expect(decodeAddress('ALTERNATE-SERVER', encodeAddress(written))).toEqual(written);
        const value = encodeXorAddress(written, transactionId);
        expect(decodeXorAddress('XOR-PEER-ADDRESS', value, transactionId)).toEqual(written);
      }),
    );
  });

  it.each([
    ['::', '0:0:0:0:0:0:0:0'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['2001:db8::', '2001:db8:0:0:0:0:0:0'],
    ['::ffff:192.0.2.1', '0:0:0:0:0:ffff:c000:201'],
  ])('[RFC 4291 2.2] reads %s', (text, address) => {
    const value = encodeAddress({ family: 'IPv6', address: text, port: 1 });
    expect(decodeAddress('ALTERNATE-SERVER', value)).toEqual({ family: 'IPv6', address, port: 1 });
  });

  it('[RFC 8489 14.15] ALTERNATE-SERVER is in the clear', () => {
    const value = encodeAddress({ family: 'IPv4', address: '192.0.2.1', port: 3_478 });
    expect(value.toString('hex')).toBe('00010d96c0000201');
  });

  it.each(['', '00030d96c0000201', '00010d96c00002', '00020d96c0000201'])('[RFC 8489 14.1] refuses "%s"', (hex) => {
    expect(() => decodeAddress('ALTERNATE-SERVER', Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'ERR_STUN_ATTRIBUTE_MALFORMED' }),
    );
  });

  it('[RFC 8656 18.12] ADDRESS-ERROR-CODE names the family before the error', () => {
    const value = encodeAddressErrorCode('IPv6', { statusCode: 440, reasonPhrase: 'x' });
    expect(value.toString('hex')).toBe('0200042878');
    expect(decodeErrorCode(value)).toEqual({ statusCode: 440, reasonPhrase: 'x' });
  });
});

describe('Registries', () => {
  it('[RFC 8489 18.3] [RFC 7635 10] [RFC 8656 18] [RFC 6062 6.2] attribute types', () => {
    expect(attributeType).toMatchObject({
      'ACCESS-TOKEN': 0x001b,
      'MESSAGE-INTEGRITY-SHA256': 0x001c,
      'PASSWORD-ALGORITHM': 0x001d,
      'USERHASH': 0x001e,
      'CONNECTION-ID': 0x002a,
      'ADDITIONAL-ADDRESS-FAMILY': 0x8000,
      'ADDRESS-ERROR-CODE': 0x8001,
      'PASSWORD-ALGORITHMS': 0x8002,
      'ICMP': 0x8004,
      'ALTERNATE-SERVER': 0x8023,
      'THIRD-PARTY-AUTHORIZATION': 0x802e,
    });
  });

  it('[RFC 6062 6.1] methods', () => {
    expect(method).toMatchObject({ Connect: 10, ConnectionBind: 11, ConnectionAttempt: 12 });
  });

  it.each([
    { type: attributeType['DONT-FRAGMENT'], is: true },
    { type: 0x0030, is: true },
    { type: attributeType['ACCESS-TOKEN'], is: false },
    { type: attributeType.USERHASH, is: false },
    { type: 0x8030, is: false },
  ])('[RFC 8489 14] [RFC 8656 18.9] $type is unknown and required: $is', ({ type, is }) => {
    expect(isUnknownAndRequired(type)).toBe(is);
  });
});

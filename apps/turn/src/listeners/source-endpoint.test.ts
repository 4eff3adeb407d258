import { expect, it } from 'vitest';
import { sourceEndpoint } from './source-endpoint.ts';

it.each([
  { told: '192.0.2.1', family: 'IPv4', address: '192.0.2.1' },
  { told: '::ffff:192.0.2.1', family: 'IPv4', address: '192.0.2.1' },
  { told: '::FFFF:7f00:1', family: 'IPv4', address: '127.0.0.1' },
  { told: '::1', family: 'IPv6', address: '0:0:0:0:0:0:0:1' },
  { told: '2001:db8::ffff:192.0.2.1', family: 'IPv6', address: '2001:db8:0:0:0:ffff:c000:201' },
  { told: 'fe80::1%eth0', family: 'IPv6', address: 'fe80:0:0:0:0:0:0:1' },
])('[RFC 4291 2.5.5.2] $told is $family $address', ({ told, family, address }) => {
  expect(sourceEndpoint(told, 7)).toEqual({ family, address, port: 7 });
});

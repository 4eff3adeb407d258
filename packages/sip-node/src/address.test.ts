import { expect, it } from 'vitest';
import { hostPort, isAddress, isUnicast, plainAddress, withoutBrackets } from './address.ts';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:1:2', '::ffff:1:2'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['', ''],
])('a socket’s %s is plainly %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});

it.each([
  ['192.0.2.1', 5_060, '192.0.2.1:5060'],
  ['2001:db8::1', 5_060, '[2001:db8::1]:5060'],
  ['[2001:db8::1]', 5_060, '[2001:db8::1]:5060'],
  ['example.com', 1, 'example.com:1'],
])('[RFC 5118 4.2] %s and port %i', (host, port, text) => {
  expect(hostPort(host, port)).toBe(text);
  expect(hostPort(withoutBrackets(host), port)).toBe(text);
});

it.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['[2001:db8::1]', '2001:db8::1', true],
  ['2001:db8::1', '2001:db8::1', true],
  ['[2001:0DB8:0::0:1]', '2001:db8::1', true],
  ['[::ffff:c000:201]', '::ffff:192.0.2.1', true],
  ['[2001:db8::1]', '2001:db8::2', false],
  ['192.0.2.1', '192.0.2.11', false],
  ['example.com', '192.0.2.1', false],
  ['[nonsense]', '2001:db8::1', false],
])('[RFC 5118 4.5] sent-by %s is %s: %s', (host, address, is) => {
  expect(isAddress(host, address)).toBe(is);
});

it.each([
  ['192.0.2.1', true],
  ['2001:db8::1', true],
  ['224.2.0.1', false],
  ['255.255.255.255', false],
  ['0.0.0.0', false],
  ['ff02::1', false],
  ['::', false],
  ['example.com', false],
  ['', false],
])('[RFC 3261 18.2.2] %s takes one copy of a response: %s', (address, is) => {
  expect(isUnicast(address)).toBe(is);
});

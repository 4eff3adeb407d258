import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AddressLimit, networkOf } from './address-limit.ts';

describe('networkOf', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
  ])('[RFC 4291 2.5.4] of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('AddressLimit', () => {
  it('counts what is open, for each address by itself', () => {
    const limit = new AddressLimit(2);
    const [first, second] = [new EventEmitter(), new EventEmitter()];
    limit.hold('192.0.2.1', first);
    expect(limit.isFull('192.0.2.1')).toBe(false);
    limit.hold('::ffff:192.0.2.1', second);
    expect([limit.isFull('192.0.2.1'), limit.isFull('192.0.2.2')]).toEqual([true, false]);
    first.emit('close');
    first.emit('close');
    expect(limit.isFull('192.0.2.1')).toBe(false);
    limit.hold('192.0.2.1', new EventEmitter());
    expect(limit.isFull('192.0.2.1')).toBe(true);
  });
});

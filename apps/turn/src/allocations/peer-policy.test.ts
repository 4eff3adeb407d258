import type { Endpoint } from '@wicgate/stun';
import { describe, expect, it } from 'vitest';
import { PeerPolicy } from './peer-policy.ts';

function ipv4(address: string, port = 5_000): Endpoint {
  return { family: 'IPv4', address, port };
}

function ipv6(address: string): Endpoint {
  return { family: 'IPv6', address, port: 5_000 };
}

const denied = [
  { kind: 'unspecified', peer: ipv4('0.0.0.0') },
  { kind: 'this network', peer: ipv4('0.1.2.3') },
  { kind: 'private', peer: ipv4('10.0.0.1') },
  { kind: 'private', peer: ipv4('10.255.255.255') },
  { kind: 'private', peer: ipv4('172.16.0.1') },
  { kind: 'private', peer: ipv4('172.31.255.255') },
  { kind: 'private', peer: ipv4('192.168.1.1') },
  { kind: 'carrier NAT', peer: ipv4('100.64.0.1') },
  { kind: 'carrier NAT', peer: ipv4('100.127.255.255') },
  { kind: 'link-local', peer: ipv4('169.254.0.1') },
  { kind: 'cloud metadata', peer: ipv4('169.254.169.254') },
  { kind: 'documentation', peer: ipv4('192.0.2.1') },
  { kind: 'benchmarks', peer: ipv4('198.19.0.1') },
  { kind: 'multicast', peer: ipv4('224.0.0.1') },
  { kind: 'multicast', peer: ipv4('239.255.255.255') },
  { kind: 'reserved', peer: ipv4('240.0.0.1') },
  { kind: 'broadcast', peer: ipv4('255.255.255.255') },
  { kind: 'unspecified', peer: ipv6('0:0:0:0:0:0:0:0') },
  { kind: 'loopback', peer: ipv6('0:0:0:0:0:0:0:1') },
  { kind: 'mapped loopback', peer: ipv6('0:0:0:0:0:ffff:7f00:1') },
  { kind: 'mapped metadata', peer: ipv6('0:0:0:0:0:ffff:a9fe:a9fe') },
  { kind: 'mapped public', peer: ipv6('0:0:0:0:0:ffff:808:808') },
  { kind: 'compatible loopback', peer: ipv6('0:0:0:0:0:0:7f00:1') },
  { kind: 'translated private', peer: ipv6('64:ff9b:0:0:0:0:a00:1') },
  { kind: '6to4 of private', peer: ipv6('2002:a00:1:0:0:0:0:1') },
  { kind: 'Teredo', peer: ipv6('2001:0:0:0:0:0:0:1') },
  { kind: 'documentation', peer: ipv6('2001:db8:0:0:0:0:0:1') },
  { kind: 'unique local', peer: ipv6('fc00:0:0:0:0:0:0:1') },
  { kind: 'unique local', peer: ipv6('fd12:3456:0:0:0:0:0:1') },
  { kind: 'link-local', peer: ipv6('fe80:0:0:0:0:0:0:1') },
  { kind: 'site-local', peer: ipv6('fec0:0:0:0:0:0:0:1') },
  { kind: 'multicast', peer: ipv6('ff02:0:0:0:0:0:0:1') },
  { kind: 'unassigned', peer: ipv6('4000:0:0:0:0:0:0:1') },
];
const loopback = ['127.0.0.1', '127.0.0.53', '127.255.255.254'].map((address) => ({ peer: ipv4(address) }));
const allowed = ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.128.0.1', '11.0.0.1', '223.255.255.255'];

describe('Peers', () => {
  const strict = new PeerPolicy({ allowLoopback: false });
  const lab = new PeerPolicy({ allowLoopback: true });

  it.each(denied)('[RFC 8656 21.2.2] $kind $peer.address is denied, with and without the switch', ({ peer }) => {
    expect([strict.isAllowed(peer), lab.isAllowed(peer)]).toEqual([false, false]);
  });

  it.each(loopback)('[RFC 8656 21.2.2] loopback $peer.address is denied unless the switch allows it', ({ peer }) => {
    expect([strict.isAllowed(peer), lab.isAllowed(peer)]).toEqual([false, true]);
  });

  it.each([
    ...allowed.map((address) => ipv4(address)),
    ipv6('2606:4700:0:0:0:0:0:1111'),
    ipv6('2a00:1450:0:0:0:0:0:1'),
  ])('[RFC 8656 10.2] public $address is allowed', (peer) => {
    expect([strict.isAllowed(peer), lab.isAllowed(peer)]).toEqual([true, true]);
  });

  it('[RFC 8656 21.2.2] denies the address on which the server listens, and no other port of it', () => {
    const policy = new PeerPolicy({ allowLoopback: true });
    policy.setOwnListener('127.0.0.1', 3_478);
    expect(policy.isAllowed(ipv4('127.0.0.1', 3_478))).toBe(false);
    expect(policy.isAllowed(ipv4('127.0.0.1', 3_479))).toBe(true);
    expect(policy.isOwnListener('127.0.0.1', 3_478)).toBe(true);
  });

  it('[RFC 8656 21.2.2] denies its port on every address if it listens on every address', () => {
    const policy = new PeerPolicy({ allowLoopback: true });
    policy.setOwnListener('0.0.0.0', 3_478);
    expect(policy.isAllowed(ipv4('127.9.9.9', 3_478))).toBe(false);
    expect(policy.isAllowed(ipv4('8.8.8.8', 3_478))).toBe(false);
    expect(policy.isAllowed(ipv4('8.8.8.8', 3_479))).toBe(true);
  });
});

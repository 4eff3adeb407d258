import type { Endpoint } from '@wicgate/stun';
import { describe, expect, it } from 'vitest';
import type { PeerNetwork } from './peer-networks.ts';
import { PeerPolicy } from './peer-policy.ts';

function ipv4(address: string, port = 5_000): Endpoint {
  return { family: 'IPv4', address, port };
}

function ipv6(address: string, port = 5_000): Endpoint {
  return { family: 'IPv6', address, port };
}

function policyOf({ allowLoopback = false, allowed = [], denied = [] }: Partial<PolicyText> = {}): PeerPolicy {
  return new PeerPolicy({ allowLoopback, allowed: allowed.map(network), denied: denied.map(network) });
}

interface PolicyText {
  readonly allowLoopback: boolean;
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

function network(text: string): PeerNetwork {
  const [address = '', prefix] = text.split('/');
  return [address, Number(prefix)];
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
  { kind: 'cloud metadata', peer: ipv4('100.100.100.200') },
  { kind: 'cloud metadata', peer: ipv4('192.0.0.192') },
  { kind: 'cloud metadata', peer: ipv4('168.63.129.16') },
  { kind: 'documentation', peer: ipv4('192.0.2.1') },
  { kind: 'benchmarks', peer: ipv4('198.19.0.1') },
  { kind: 'multicast', peer: ipv4('224.0.0.1') },
  { kind: 'multicast', peer: ipv4('239.255.255.255') },
  { kind: 'reserved', peer: ipv4('240.0.0.1') },
  { kind: 'broadcast', peer: ipv4('255.255.255.255') },
  { kind: 'unspecified', peer: ipv6('0:0:0:0:0:0:0:0') },
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
  { kind: 'cloud metadata', peer: ipv6('fd00:ec2:0:0:0:0:0:254') },
  { kind: 'cloud metadata', peer: ipv6('fd20:ce:0:0:0:0:0:254') },
  { kind: 'documentation', peer: ipv6('3fff:0:0:0:0:0:0:1') },
  { kind: 'unassigned', peer: ipv6('4000:0:0:0:0:0:0:1') },
];
const loopback = [ipv4('127.0.0.1'), ipv4('127.0.0.53'), ipv4('127.255.255.254'), ipv6('0:0:0:0:0:0:0:1')].map(
  (peer) => ({ peer }),
);
const allowed = ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '100.128.0.1', '11.0.0.1', '223.255.255.255'];

describe('Peers', () => {
  const strict = policyOf();
  const lab = policyOf({ allowLoopback: true });

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
});

describe('TURN_ALLOWED_PEERS and TURN_DENIED_PEERS', () => {
  it.each([
    { peer: ipv4('10.1.2.3'), allowed: ['10.1.0.0/16'] },
    { peer: ipv4('127.0.0.2'), allowed: ['127.0.0.2/32'] },
    { peer: ipv4('169.254.169.254'), allowed: ['169.254.169.254/32'] },
    { peer: ipv6('fd00:0:0:0:0:0:0:1'), allowed: ['fd00::/8'] },
    { peer: ipv6('64:ff9b:0:0:0:0:808:808'), allowed: ['64:ff9b::/96'] },
  ])('[RFC 8656 21.2.2] $allowed lifts the default denial of $peer.address', ({ peer, allowed }) => {
    expect([policyOf().isAllowed(peer), policyOf({ allowed }).isAllowed(peer)]).toEqual([false, true]);
  });

  it.each([
    { peer: ipv4('8.8.8.8'), denied: ['8.8.8.0/24'], allowed: [] },
    { peer: ipv4('10.1.2.3'), denied: ['10.1.2.0/24'], allowed: ['10.0.0.0/8'] },
    { peer: ipv4('127.0.0.1'), denied: ['127.0.0.1/32'], allowed: ['127.0.0.0/8'] },
    { peer: ipv6('2606:4700:0:0:0:0:0:1111'), denied: ['2606:4700::/32'], allowed: ['2000::/3'] },
  ])('[RFC 8656 21.2.2] denies $peer.address, allowed by $allowed, for $denied', ({ peer, denied, allowed }) => {
    const neighbour = peer.family === 'IPv4' ? ipv4('9.9.9.9') : ipv6('2a00:1450:0:0:0:0:0:1');
    expect(policyOf({ denied, allowed }).isAllowed(peer)).toBe(false);
    expect(policyOf({ denied, allowed }).isAllowed(neighbour)).toBe(true);
  });

  it.each([
    ipv4('0.0.0.0'),
    ipv4('224.0.0.1'),
    ipv4('255.255.255.255'),
    ipv6('0:0:0:0:0:0:0:0'),
    ipv6('0:0:0:0:0:ffff:808:808'),
    ipv6('ff02:0:0:0:0:0:0:1'),
  ])('[RFC 8656 21.2.2] nothing makes a peer of $address', (peer) => {
    const open = policyOf({ allowLoopback: true, allowed: ['0.0.0.0/0', '::/0'] });
    expect(open.isAllowed(peer)).toBe(false);
    expect(open.isAllowed(ipv4('10.0.0.1'))).toBe(true);
  });

  it.each([ipv6('64:ff9b:0:0:0:0:7f00:1'), ipv6('64:ff9b:0:0:0:0:a9fe:a9fe'), ipv6('2002:a00:1:0:0:0:0:1')])(
    '[RFC 6052 3.1] $address is judged by the IPv4 address in it, where its network is allowed',
    (peer) => {
      expect(policyOf({ allowed: ['64:ff9b::/96', '2002::/16'] }).isAllowed(peer)).toBe(false);
      expect(policyOf({ allowed: ['::/0', '10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16'] }).isAllowed(peer)).toBe(true);
    },
  );
});

describe('The server’s own addresses', () => {
  it('[RFC 8656 21.2.2] are denied, public ones too, and stay so for what was not lifted', () => {
    const policy = policyOf({ allowed: ['9.9.9.9/32'] });
    for (const address of ['8.8.8.8', '9.9.9.9', '2606:4700::1111']) policy.addOwnAddress(address);
    expect(policy.isAllowed(ipv4('8.8.8.8'))).toBe(false);
    expect(policy.isAllowed(ipv6('2606:4700:0:0:0:0:0:1111'))).toBe(false);
    expect(policy.isAllowed(ipv4('9.9.9.9'))).toBe(true);
    expect(policy.isAllowed(ipv4('8.8.4.4'))).toBe(true);
  });

  it('[RFC 8656 21.2.2] no datagram leaves for the port on which the server listens, whatever is lifted', () => {
    const policy = policyOf({ allowLoopback: true });
    policy.addOwnListener('127.0.0.1', 3_478);
    policy.addOwnListener('::1', 443);
    expect(policy.isAllowed(ipv4('127.0.0.1', 3_478))).toBe(false);
    expect(policy.isAllowed(ipv6('0:0:0:0:0:0:0:1', 443))).toBe(false);
    expect(policy.isAllowed(ipv4('127.0.0.1', 3_479))).toBe(true);
    expect(policy.mayLeave('127.0.0.1', 3_478)).toBe(false);
    expect(policy.mayLeave('0:0:0:0:0:0:0:1', 443)).toBe(false);
    expect(policy.mayLeave('127.0.0.1', 3_479)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '::0', '0:0:0:0:0:0:0:0'])(
    '[RFC 8656 21.2.2] its port is denied on every address if it listens on %s',
    (host) => {
      const policy = policyOf({ allowLoopback: true });
      policy.addOwnListener(host, 3_478);
      expect(policy.isAllowed(ipv4('127.9.9.9', 3_478))).toBe(false);
      expect(policy.isAllowed(ipv4('8.8.8.8', 3_478))).toBe(false);
      expect(policy.mayLeave('8.8.8.8', 3_478)).toBe(false);
      expect(policy.isAllowed(ipv4('8.8.8.8', 3_479))).toBe(true);
    },
  );

  it('[RFC 8656 21.2.2] those of its relays may be permitted, but no datagram leaves for them', () => {
    const policy = policyOf();
    policy.addOwnAddress('10.0.0.5');
    policy.addOwnRelay('10.0.0.5');
    expect(policy.isAllowed(ipv4('10.0.0.5'))).toBe(true);
    expect(policy.mayLeave('10.0.0.5', 5_000)).toBe(false);
  });

  it('[RFC 8656 21.2.2] a relay that the operator denies, or on loopback that is not allowed, is none', () => {
    const policy = policyOf({ denied: ['10.0.0.5/32'] });
    for (const host of ['10.0.0.5', '127.0.0.1', '::1']) policy.addOwnRelay(host);
    expect(policy.isAllowed(ipv4('10.0.0.5'))).toBe(false);
    expect(policy.isAllowed(ipv4('127.0.0.1'))).toBe(false);
    expect(policy.isAllowed(ipv6('0:0:0:0:0:0:0:1'))).toBe(false);
  });
});

import { expect, it } from 'vitest';
import type { PeerNetwork } from '../../allocations/peer-networks.ts';
import { networkRange } from './network-range.ts';

it.each<readonly [PeerNetwork, string]>([
  [['10.0.0.0', 8], '10.0.0.0-10.255.255.255'],
  [['172.16.5.6', 12], '172.16.0.0-172.31.255.255'],
  [['192.0.2.1', 32], '192.0.2.1-192.0.2.1'],
  [['0.0.0.0', 0], '0.0.0.0-255.255.255.255'],
  [['2001:db8::', 32], '2001:db8:0:0:0:0:0:0-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  [['fe80::', 10], 'fe80:0:0:0:0:0:0:0-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  [['::', 3], '0:0:0:0:0:0:0:1-1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  [['::1', 128], '0:0:0:0:0:0:0:1-0:0:0:0:0:0:0:1'],
])('writes %j as %s', (network, range) => {
  expect(networkRange(network)).toBe(range);
});

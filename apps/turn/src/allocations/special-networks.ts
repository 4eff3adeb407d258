/**
 * Networks of special purpose (RFC 6890 and its registries), and what cloud providers put behind addresses of their own.
 *
 * @module
 */
import type { PeerNetwork } from './peer-networks.ts';

/**
 * No peer has such an address, whatever is configured: "this network", multicast and broadcast; and IPv6 addresses that
 * are another spelling of an IPv4 address (RFC 4291 2.5.5.2), which this machine would send to as that.
 */
export const impossiblePeers: readonly PeerNetwork[] = [
  ['0.0.0.0', 8],
  ['224.0.0.0', 4],
  ['255.255.255.255', 32],
  ['::', 128],
  ['::ffff:0:0', 96],
  ['ff00::', 8],
];

export const loopbackPeers: readonly PeerNetwork[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];

/**
 * Denied unless the operator allows them. Of IPv6 that is all but global unicast (2000::/3), and of that Teredo, 6to4
 * and documentation. The metadata services of clouds are among them: 169.254.169.254, fd00:ec2::254, fd20:ce::254,
 * 100.100.100.200, 192.0.0.192.
 */
export const deniedByDefault: readonly PeerNetwork[] = [
  ...loopbackPeers,
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['240.0.0.0', 4],
  // Looks public, and is a cloud's metadata service to every machine in it.
  ['168.63.129.16', 32],
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

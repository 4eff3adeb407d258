/**
 * Which peers a client may reach through the relay (RFC 8656 21.2.2, 5: attacks on what stands behind the server).
 *
 * Nothing is allowed that is not a public unicast address. Every address is judged in its binary form, so that no
 * spelling evades; IPv6 addresses that carry an IPv4 address in them are denied whole.
 *
 * @module
 */

import { BlockList } from 'node:net';
import type { Endpoint } from '@wicgate/stun';

/** Special purpose (RFC 6890 and its registry), multicast and broadcast; loopback stands apart. */
const deniedIPv4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
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
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const loopbackIPv4 = ['127.0.0.0', 8] as const;

/** What is not global unicast (2000::/3), and of that Teredo, 6to4 and documentation. */
const deniedIPv6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
];

export interface PeerPolicySettings {
  readonly allowLoopback: boolean;
}

export class PeerPolicy {
  // A list for each family: a mapped network in a common list would match every IPv4 address.
  readonly #deniedIPv4 = new BlockList();
  readonly #deniedIPv6 = new BlockList();
  #ownListener: { readonly host: string; readonly port: number } | undefined;

  constructor({ allowLoopback }: PeerPolicySettings) {
    for (const [network, prefix] of deniedIPv4) this.#deniedIPv4.addSubnet(network, prefix, 'ipv4');
    if (!allowLoopback) this.#deniedIPv4.addSubnet(...loopbackIPv4, 'ipv4');
    for (const [network, prefix] of deniedIPv6) this.#deniedIPv6.addSubnet(network, prefix, 'ipv6');
  }

  /** Tells where this server itself listens; 0.0.0.0 stands for every address. */
  setOwnListener(host: string, port: number): void {
    this.#ownListener = { host, port };
  }

  /** Whether a permission for the peer may be installed. */
  isAllowed(peer: Endpoint): boolean {
    if (this.isOwnListener(peer.address, peer.port)) return false;
    if (peer.family === 'IPv4') return !this.#deniedIPv4.check(peer.address, 'ipv4');
    return !this.#deniedIPv6.check(peer.address, 'ipv6');
  }

  /** Whether the address is this server's own: a permission names no port, so each datagram is asked about. */
  isOwnListener(address: string, port: number): boolean {
    const own = this.#ownListener;
    return own !== undefined && own.port === port && (own.host === address || own.host === '0.0.0.0');
  }
}

/**
 * Which peers a client may reach through the relay (RFC 8656 21.2.2, 5: attacks on what stands behind the server).
 *
 * Nothing is allowed that is not a public unicast address, unless the operator says so; nothing of this server's own is,
 * but for the relayed transport addresses of allocations that live here. What the operator denies stays denied.
 *
 * @module
 */
import type { Endpoint } from '@wicgate/stun';
import { findCarriedIPv4 } from './carried-address.ts';
import { type PeerNetwork, PeerNetworks } from './peer-networks.ts';
import { deniedByDefault, impossiblePeers, loopbackPeers } from './special-networks.ts';

export interface PeerPolicySettings {
  /** Allows 127.0.0.0/8 and ::1. */
  readonly allowLoopback: boolean;
  /** Lifts a default denial. */
  readonly allowed: readonly PeerNetwork[];
  /** Wins over everything. */
  readonly denied: readonly PeerNetwork[];
}

/** One address of this server. */
interface OwnAddress {
  /** Whether the operator lets clients reach what else is there. */
  readonly isLifted: boolean;
  isRelay: boolean;
  /** Ports on which this server listens. */
  readonly listeners: Set<number>;
}

const impossible = new PeerNetworks(impossiblePeers);
const defaults = new PeerNetworks(deniedByDefault);
const loopback = new PeerNetworks(loopbackPeers);
const everyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '0:0:0:0:0:0:0:0']);

export class PeerPolicy {
  readonly #allowed: PeerNetworks;
  readonly #denied: PeerNetworks;
  readonly #own = new Map<string, OwnAddress>();
  /** Ports on which this server listens at every address that it has. */
  readonly #ownEverywhere = new Set<number>();

  constructor({ allowLoopback, allowed, denied }: PeerPolicySettings) {
    this.#allowed = new PeerNetworks(allowLoopback ? [...allowed, ...loopbackPeers] : allowed);
    this.#denied = new PeerNetworks(denied);
  }

  /** An address of the machine: nothing that listens there is for clients of the relay. */
  addOwnAddress(host: string): void {
    this.#ownAddress(host);
  }

  /** Tells where this server itself listens; 0.0.0.0 and :: stand for every address. */
  addOwnListener(host: string, port: number): void {
    if (everyAddress.has(canonical(host))) this.#ownEverywhere.add(port);
    else this.#ownAddress(host).listeners.add(port);
  }

  /**
   * Tells an address of relayed transport addresses: clients may permit it, so that they reach one another. One on
   * loopback is for trials on one machine, which say that loopback is allowed.
   */
  addOwnRelay(host: string): void {
    const family = host.includes(':') ? 'IPv6' : 'IPv4';
    if (!loopback.has({ family, address: host })) this.#ownAddress(host).isRelay = true;
  }

  /** Whether a permission for the peer may be installed, or a channel be bound to it. */
  isAllowed(peer: Endpoint): boolean {
    if (impossible.has(peer) || this.#denied.has(peer) || this.#isOwnListener(peer.address, peer.port)) return false;
    const own = this.#own.get(peer.address);
    if (own !== undefined) return own.isRelay || own.isLifted;
    return this.#isPermitted(peer);
  }

  /**
   * Whether a datagram may leave the relay for a permitted address: a permission names no port, and that this server
   * has the address says nothing about who listens there. Where an allocation has it, no datagram has to leave.
   */
  mayLeave(address: string, port: number): boolean {
    if (this.#ownEverywhere.has(port)) return false;
    const own = this.#own.get(address);
    return own === undefined || (own.isLifted && !own.listeners.has(port));
  }

  #isOwnListener(address: string, port: number): boolean {
    return this.#ownEverywhere.has(port) || this.#own.get(address)?.listeners.has(port) === true;
  }

  #isPermitted(peer: Endpoint): boolean {
    if (!this.#allowed.has(peer)) return !defaults.has(peer);
    const carried = findCarriedIPv4(peer);
    return carried === undefined || this.isAllowed(carried);
  }

  #ownAddress(host: string): OwnAddress {
    const address = canonical(host);
    const known = this.#own.get(address);
    if (known !== undefined) return known;
    const family = host.includes(':') ? 'IPv6' : 'IPv4';
    const isLifted = this.#allowed.has({ family, address });
    const own = { isLifted, isRelay: false, listeners: new Set<number>() };
    this.#own.set(address, own);
    return own;
  }
}

/** As addresses are compared: IPv6 as eight groups, without zone. */
function canonical(host: string): string {
  if (!host.includes(':')) return host;
  // The one writer of IPv6 text in the platform that also reads an IPv4 tail.
  const compressed = new URL(`http://[${host.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = compressed.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...new Array<string>(8 - before.length - after.length).fill('0'), ...after].join(':');
}

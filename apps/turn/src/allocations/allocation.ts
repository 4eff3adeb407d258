/**
 * An allocation with its permissions and channels (RFC 8656 3.2, 9, 12).
 *
 * Sans-I/O: the way to the client and the relay socket are given.
 *
 * @module
 */
import type { StunAttribute } from '@wicgate/stun';
import type { TurnUser } from '../authentication/authenticator.ts';
import { RequestRefused } from '../errors.ts';
import type { ClientFlow } from '../listeners/client-flow.ts';
import { type AddressFamily, familyOf, type RelaySocket } from '../relay/relay-socket.ts';
import type { TokenBucket } from './token-bucket.ts';

/** RFC 8656 9. */
const permissionMs = 300_000;
/** RFC 8656 12. */
const channelMs = 600_000;
const maxPermissions = 128;
const maxChannels = 256;

/** Leave to exchange datagrams with one address, whatever the port. */
export interface Permission {
  readonly address: string;
  expiresAtMs: number;
  /** Channels to this address, by port. */
  readonly channels: Map<number, Channel>;
}

export interface Channel {
  readonly number: number;
  readonly port: number;
  readonly permission: Permission;
  expiresAtMs: number;
}

export interface AllocationSettings {
  readonly flow: ClientFlow;
  readonly user: TurnUser;
  readonly relay: RelaySocket;
  /** Of the Allocate request that made it. */
  readonly transactionId: Buffer;
}

export class Allocation {
  readonly flow: ClientFlow;
  readonly user: TurnUser;
  readonly relay: RelaySocket;
  readonly transactionId: Buffer;
  /** Who refreshed it last: by a newer token than the one it was made with, maybe, whose key counts from then on. */
  holder: TurnUser;
  /** What the Allocate request was answered with, for its retransmissions. */
  answer: readonly StunAttribute[] = [];
  expiresAtMs = 0;
  /** What is left of its user's bandwidth, shared by all allocations of that one; undefined where there is no cap. */
  bucket: TokenBucket | undefined;
  readonly #permissions = new Map<string, Permission>();
  readonly #channels = new Map<number, Channel>();

  constructor({ flow, user, relay, transactionId }: AllocationSettings) {
    this.flow = flow;
    this.user = user;
    this.holder = user;
    this.relay = relay;
    // A copy: what came is a view of a whole chunk of the client's stream.
    this.transactionId = Buffer.from(transactionId);
  }

  /** Those that ran out among them, until their place is needed. */
  get permissionCount(): number {
    return this.#permissions.size;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  /** The permission for an address that is in force. */
  findPermission(address: string, nowMs: number): Permission | undefined {
    const permission = this.#permissions.get(address);
    return permission !== undefined && permission.expiresAtMs > nowMs ? permission : undefined;
  }

  /** The channel of that number that is in force, and whose permission is. */
  findChannel(number: number, nowMs: number): Channel | undefined {
    const channel = this.#channels.get(number);
    if (channel === undefined || channel.expiresAtMs <= nowMs) return undefined;
    return channel.permission.expiresAtMs > nowMs ? channel : undefined;
  }

  /** Installs the permissions or refreshes them; all of them or none. @throws {RequestRefused} 508 */
  permit(addresses: readonly string[], nowMs: number): void {
    this.#requireRoomFor(addresses, nowMs);
    for (const address of addresses) this.#permit(address, nowMs);
  }

  /**
   * Binds the channel and permits its address, or refreshes both (RFC 8656 12.2).
   *
   * @throws {RequestRefused} 400 the number or the peer is bound otherwise, 508
   */
  bindChannel(number: number, address: string, port: number, nowMs: number): void {
    this.#dropChannelIfOver(this.#channels.get(number), nowMs);
    this.#dropChannelIfOver(this.#permissions.get(address)?.channels.get(port), nowMs);
    const bound = this.#channels.get(number);
    if (bound !== undefined && (bound.permission.address !== address || bound.port !== port)) {
      throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected a channel that is not bound to another peer');
    }
    if (bound === undefined && this.#permissions.get(address)?.channels.has(port) === true) {
      throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected a peer that has no other channel');
    }
    if (bound === undefined && this.#channels.size >= maxChannels) this.#purge(nowMs);
    if (bound === undefined && this.#channels.size >= maxChannels) {
      throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', `expected at most ${maxChannels} channels`);
    }
    this.#requireRoomFor([address], nowMs);
    const permission = this.#permit(address, nowMs);
    const channel = bound ?? { number, port, permission, expiresAtMs: 0 };
    channel.expiresAtMs = nowMs + channelMs;
    this.#channels.set(number, channel);
    permission.channels.set(port, channel);
  }

  /** One of the two relayed transport addresses has ended: what was permitted for it is so no longer. */
  dropFamily(family: AddressFamily): void {
    for (const permission of this.#permissions.values()) {
      if (familyOf(permission.address) !== family) continue;
      this.#permissions.delete(permission.address);
      for (const { number } of permission.channels.values()) this.#channels.delete(number);
    }
  }

  #requireRoomFor(addresses: readonly string[], nowMs: number): void {
    const isFull = (): boolean => {
      const added = new Set(addresses.filter((address) => !this.#permissions.has(address)));
      return this.#permissions.size + added.size > maxPermissions;
    };
    if (isFull()) this.#purge(nowMs);
    if (isFull()) {
      throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', `expected at most ${maxPermissions} permissions`);
    }
  }

  #permit(address: string, nowMs: number): Permission {
    const permission = this.#permissions.get(address) ?? { address, expiresAtMs: 0, channels: new Map() };
    permission.expiresAtMs = nowMs + permissionMs;
    this.#permissions.set(address, permission);
    return permission;
  }

  #purge(nowMs: number): void {
    for (const channel of this.#channels.values()) this.#dropChannelIfOver(channel, nowMs);
    for (const [address, { expiresAtMs, channels }] of this.#permissions) {
      if (expiresAtMs <= nowMs && channels.size === 0) this.#permissions.delete(address);
    }
  }

  #dropChannelIfOver(channel: Channel | undefined, nowMs: number): void {
    if (channel === undefined || channel.expiresAtMs > nowMs) return;
    this.#channels.delete(channel.number);
    channel.permission.channels.delete(channel.port);
  }
}

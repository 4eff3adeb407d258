/**
 * Application data between clients and peers (RFC 8656 11, 12.6, 12.7).
 *
 * @module
 */

import {
  AttributeMalformed,
  channelPayload,
  type DecodedMessage,
  decodeXorAddress,
  encodeChannelData,
  findAttribute,
  isUnknownAndRequired,
} from '@wicgate/stun';
import type { Allocation } from './allocations/allocation.ts';
import type { AllocationTable } from './allocations/allocation-table.ts';
import type { Bandwidth } from './allocations/bandwidth.ts';
import type { PeerPolicy } from './allocations/peer-policy.ts';
import type { Clock } from './clock.ts';
import type { ClientFlow } from './listeners/client-flow.ts';
import { encodeDataIndication, isChannelData, readPlainSendIndication, type SendIndication } from './media-messages.ts';
import { familyOf } from './relay/relay-socket.ts';
import type { DropReason, Traffic } from './traffic.ts';

export interface MediaRelaySettings {
  readonly clock: Clock;
  readonly allocations: AllocationTable;
  readonly peers: PeerPolicy;
  readonly bandwidth: Bandwidth;
  readonly traffic: Traffic;
}

export class MediaRelay {
  readonly #clock: Clock;
  readonly #allocations: AllocationTable;
  readonly #peers: PeerPolicy;
  readonly #bandwidth: Bandwidth;
  readonly #traffic: Traffic;

  constructor({ clock, allocations, peers, bandwidth, traffic }: MediaRelaySettings) {
    this.#clock = clock;
    this.#allocations = allocations;
    this.#peers = peers;
    this.#bandwidth = bandwidth;
    this.#traffic = traffic;
  }

  /** Takes a client's message if it is media of the forms that nearly all has; whether it did. */
  fromClient(flow: ClientFlow, octets: Buffer): boolean {
    if (isChannelData(octets)) {
      this.#count(this.#relayChannelData(flow, octets));
      return true;
    }
    const indication = readPlainSendIndication(octets);
    if (indication === undefined) return false;
    this.#count(this.#relaySend(flow, indication));
    return true;
  }

  /** A Send indication of any form. Whatever is wrong with it, nobody is answered (RFC 8656 11.2). */
  fromIndication(flow: ClientFlow, message: DecodedMessage): void {
    this.#count(this.#relayIndication(flow, message));
  }

  /** A datagram that reached the relayed transport address. */
  fromPeer(allocation: Allocation, data: Buffer, address: string, port: number): void {
    this.#count(this.#relayDatagram(allocation, data, address, port));
  }

  #relayChannelData(flow: ClientFlow, octets: Buffer): DropReason | undefined {
    const allocation = this.#allocations.find(flow.key);
    if (allocation === undefined) return 'no_allocation';
    const data = channelPayload(octets);
    if (data === undefined) return 'malformed';
    const channel = allocation.findChannel(octets.readUInt16BE(0), this.#clock.now());
    if (channel === undefined) return 'no_channel';
    return this.#toPeer(allocation, data, channel.permission.address, channel.port);
  }

  #relayIndication(flow: ClientFlow, message: DecodedMessage): DropReason | undefined {
    if (message.attributes.some(({ type }) => isUnknownAndRequired(type))) return 'malformed';
    const data = findAttribute(message, 'DATA');
    const peer = findPeer(message);
    if (data === undefined || peer === undefined) return 'malformed';
    return this.#relaySend(flow, { peer, data });
  }

  #relaySend(flow: ClientFlow, { peer, data }: SendIndication): DropReason | undefined {
    const allocation = this.#allocations.find(flow.key);
    if (allocation === undefined) return 'no_allocation';
    if (peer.port === 0) return 'malformed';
    if (allocation.findPermission(peer.address, this.#clock.now()) === undefined) return 'no_permission';
    return this.#toPeer(allocation, data, peer.address, peer.port);
  }

  #relayDatagram(allocation: Allocation, data: Buffer, address: string, port: number): DropReason | undefined {
    const nowMs = this.#clock.now();
    const permission = allocation.findPermission(address, nowMs);
    if (permission === undefined) return 'no_permission';
    if (!this.#bandwidth.admits(allocation, data.length, nowMs)) return 'bandwidth';
    const { flow } = allocation;
    const channel = permission.channels.get(port);
    const octets =
      channel !== undefined && channel.expiresAtMs > nowMs
        ? encodeChannelData(channel.number, data, flow.transport !== 'UDP')
        : encodeDataIndication({ family: familyOf(address), address, port }, data);
    if (!flow.sendMedia(octets)) return 'slow_receiver';
    this.#traffic.relayed('to_client', data.length);
    return undefined;
  }

  #toPeer(allocation: Allocation, data: Buffer, address: string, port: number): DropReason | undefined {
    if (!this.#bandwidth.admits(allocation, data.length, this.#clock.now())) return 'bandwidth';
    const neighbour = this.#allocations.findRelayed(address, port);
    if (neighbour === undefined && !this.#peers.mayLeave(address, port)) return 'own_address';
    // From relay to relay of this server nothing has to leave: no datagram, and no doubt about who gets it.
    if (neighbour !== undefined) this.#toNeighbour(allocation, neighbour, data, address);
    else if (!allocation.relay.send(data, address, port)) return 'slow_receiver';
    this.#traffic.relayed('to_peer', data.length);
    return undefined;
  }

  /** Comes from the relayed transport address of the family that it goes to. */
  #toNeighbour({ relay }: Allocation, neighbour: Allocation, data: Buffer, to: string): void {
    const source = relay.locals.find(({ family }) => family === familyOf(to)) ?? relay.local;
    this.fromPeer(neighbour, data, source.address, source.port);
  }

  #count(dropped: DropReason | undefined): void {
    if (dropped !== undefined) this.#traffic.drop(dropped);
  }
}

function findPeer(message: DecodedMessage): ReturnType<typeof decodeXorAddress> | undefined {
  const value = findAttribute(message, 'XOR-PEER-ADDRESS');
  try {
    return value && decodeXorAddress('XOR-PEER-ADDRESS', value, message.transactionId);
  } catch (error) {
    if (error instanceof AttributeMalformed) return undefined;
    throw error;
  }
}

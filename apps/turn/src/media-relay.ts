/**
 * Application data between clients and peers (RFC 8656 11, 12.6, 12.7).
 *
 * @module
 */

import { randomBytes } from 'node:crypto';
import {
  AttributeMalformed,
  attribute,
  channelPayload,
  type DecodedMessage,
  decodeXorAddress,
  encodeChannelData,
  encodeMessage,
  encodeXorAddress,
  findAttribute,
  isUnknownAndRequired,
  method,
} from '@wicgate/stun';
import type { Allocation } from './allocations/allocation.ts';
import type { AllocationTable } from './allocations/allocation-table.ts';
import type { PeerPolicy } from './allocations/peer-policy.ts';
import type { Clock } from './clock.ts';
import type { ClientFlow } from './listeners/client-flow.ts';
import type { DropReason, Traffic } from './traffic.ts';

export interface MediaRelaySettings {
  readonly clock: Clock;
  readonly allocations: AllocationTable;
  readonly peers: PeerPolicy;
  readonly traffic: Traffic;
}

export class MediaRelay {
  readonly #clock: Clock;
  readonly #allocations: AllocationTable;
  readonly #peers: PeerPolicy;
  readonly #traffic: Traffic;

  constructor({ clock, allocations, peers, traffic }: MediaRelaySettings) {
    this.#clock = clock;
    this.#allocations = allocations;
    this.#peers = peers;
    this.#traffic = traffic;
  }

  /** A ChannelData message of a client. */
  fromChannel(flow: ClientFlow, octets: Buffer): void {
    this.#count(this.#relayChannelData(flow, octets));
  }

  /** A Send indication of a client. Whatever is wrong with it, nobody is answered (RFC 8656 11.2). */
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
    const allocation = this.#allocations.find(flow.key);
    if (allocation === undefined) return 'no_allocation';
    if (message.attributes.some(({ type }) => isUnknownAndRequired(type))) return 'malformed';
    const data = findAttribute(message, 'DATA');
    const peer = findPeer(message);
    if (data === undefined || peer === undefined || peer.port === 0) return 'malformed';
    if (allocation.findPermission(peer.address, this.#clock.now()) === undefined) return 'no_permission';
    if (this.#peers.isOwnListener(peer.address, peer.port)) return 'own_listener';
    return this.#toPeer(allocation, data, peer.address, peer.port);
  }

  #relayDatagram(allocation: Allocation, data: Buffer, address: string, port: number): DropReason | undefined {
    const nowMs = this.#clock.now();
    const permission = allocation.findPermission(address, nowMs);
    if (permission === undefined) return 'no_permission';
    const { flow } = allocation;
    const channel = permission.channels.get(port);
    const octets =
      channel !== undefined && channel.expiresAtMs > nowMs
        ? encodeChannelData(channel.number, data, flow.transport === 'TCP')
        : dataIndication(data, address, port);
    if (!flow.sendMedia(octets)) return 'slow_receiver';
    this.#traffic.relayed('to_client', data.length);
    return undefined;
  }

  #toPeer(allocation: Allocation, data: Buffer, address: string, port: number): DropReason | undefined {
    if (!allocation.relay.send(data, address, port)) return 'slow_receiver';
    this.#traffic.relayed('to_peer', data.length);
    return undefined;
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

function dataIndication(data: Buffer, address: string, port: number): Buffer {
  const transactionId = randomBytes(12);
  const peer = encodeXorAddress({ family: 'IPv4', address, port }, transactionId);
  const attributes = [attribute('XOR-PEER-ADDRESS', peer), attribute('DATA', data)];
  const message = { class: 'indication', method: method.Data, transactionId, attributes } as const;
  return encodeMessage(message, { integrityKey: undefined, fingerprint: false });
}

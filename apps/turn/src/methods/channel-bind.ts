/**
 * ChannelBind (RFC 8656 12.2).
 *
 * @module
 */
import {
  AttributeMalformed,
  findAttribute,
  maxChannel,
  minChannel,
  type StunAttribute,
  type StunMessage,
} from '@wicgate/stun';
import { RequestRefused } from '../errors.ts';
import { readPeers } from './peer-address.ts';
import { ownAllocation, type TurnRequest, type TurnServices } from './turn-request.ts';

/** Binds or refreshes a channel and permits its peer. @throws {RequestRefused} 400, 403, 437, 441, 443 or 508 */
export function channelBind(request: TurnRequest, services: TurnServices): readonly StunAttribute[] {
  const allocation = ownAllocation(request, services);
  const channel = readChannelNumber(request.message);
  const [peer] = readPeers(request.message, services.peers, allocation.relay);
  if (peer.port === 0) throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected a peer with a port');
  allocation.bindChannel(channel, peer.address, peer.port, request.nowMs);
  return [];
}

function readChannelNumber(message: StunMessage): number {
  const value = findAttribute(message, 'CHANNEL-NUMBER');
  if (value?.length !== 4) throw new AttributeMalformed('CHANNEL-NUMBER', '4 octets');
  const channel = value.readUInt16BE(0);
  if (channel < minChannel || channel > maxChannel) {
    throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected a channel number from 0x4000 to 0x4fff');
  }
  return channel;
}

/**
 * Allocate (RFC 8656 7.2).
 *
 * @module
 */
import {
  AttributeMalformed,
  attribute,
  encodeXorAddress,
  findAttribute,
  type StunAttribute,
  type StunMessage,
} from '@wicgate/stun';
import { Allocation } from '../allocations/allocation.ts';
import { grantLifetime } from '../allocations/lifetime.ts';
import { RelayPortsExhausted, RequestRefused } from '../errors.ts';
import type { RelaySocket } from '../relay/relay-socket.ts';
import { asksForOtherFamily } from './address-family.ts';
import { findLifetime, lifetimeAttribute } from './lifetime-attribute.ts';
import type { TurnRequest, TurnServices } from './turn-request.ts';

const udp = 17;

/**
 * The new allocation's addresses and lifetime. A retransmission gets what the first request got, or nothing while
 * that one is still being served.
 *
 * @throws {AttributeMalformed}
 * @throws {RequestRefused} 400, 437, 440, 442, 486 or 508
 */
export async function allocate(
  request: TurnRequest,
  services: TurnServices,
): Promise<readonly StunAttribute[] | undefined> {
  const { message, flow, user } = request;
  const existing = services.allocations.find(flow.key);
  if (existing?.transactionId.equals(message.transactionId) && existing.user.username === user.username) {
    return existing.answer;
  }
  if (services.pending.get(flow.key)?.equals(message.transactionId)) return undefined;
  if (existing !== undefined || services.pending.has(flow.key)) {
    throw new RequestRefused('ERR_TURN_ALLOCATION_MISMATCH', 'expected a 5-tuple without an allocation');
  }
  checkTransport(message);
  checkFamily(message);
  const evenPort = readEvenPort(message);
  const requestedSeconds = findLifetime(message);

  services.allocations.reserve(user.tid);
  services.pending.set(flow.key, message.transactionId);
  const relay = await openRelay(request, services, evenPort);
  // The client's connection, or the server, may have ended meanwhile.
  if (services.pending.get(flow.key) !== message.transactionId) {
    relay.close();
    services.allocations.release(user.tid);
    return undefined;
  }
  services.pending.delete(flow.key);
  return place(request, services, { relay, requestedSeconds });
}

interface Granted {
  readonly relay: RelaySocket;
  readonly requestedSeconds: number | undefined;
}

function place(
  request: TurnRequest,
  services: TurnServices,
  { relay, requestedSeconds }: Granted,
): readonly StunAttribute[] {
  const { message, flow, user, nowMs } = request;
  const { transactionId } = message;
  const lifetimeSeconds = grantLifetime(
    { requestedSeconds, expiresAtSeconds: user.expiresAtSeconds, nowMs },
    services.lifetimes,
  );
  const allocation = new Allocation({ flow, user, relay, transactionId });
  allocation.answer = [
    attribute('XOR-RELAYED-ADDRESS', encodeXorAddress(relay.local, transactionId)),
    lifetimeAttribute(lifetimeSeconds),
    attribute('XOR-MAPPED-ADDRESS', encodeXorAddress(flow.remote, transactionId)),
  ];
  services.allocations.add(allocation, lifetimeSeconds);
  relay.listen((data, address, port) => services.deliver(allocation, data, address, port));
  return allocation.answer;
}

async function openRelay(
  { message, flow, user }: TurnRequest,
  services: TurnServices,
  evenPort: boolean,
): Promise<RelaySocket> {
  try {
    return await services.openRelay({ evenPort });
  } catch (error) {
    if (services.pending.get(flow.key) === message.transactionId) services.pending.delete(flow.key);
    services.allocations.release(user.tid);
    if (!(error instanceof RelayPortsExhausted)) throw error;
    throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected a free port in the relay range');
  }
}

/** RFC 8656 7.2 step 3. */
function checkTransport(message: StunMessage): void {
  const value = findAttribute(message, 'REQUESTED-TRANSPORT');
  if (value?.length !== 4) throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected REQUESTED-TRANSPORT');
  if (value.readUInt8(0) !== udp) throw new RequestRefused('ERR_TURN_UNSUPPORTED_TRANSPORT', 'expected UDP');
}

function checkFamily(message: StunMessage): void {
  if (asksForOtherFamily(message)) {
    throw new RequestRefused('ERR_TURN_ADDRESS_FAMILY_NOT_SUPPORTED', 'expected the address family IPv4');
  }
}

/** RFC 8656 7.2 steps 5 to 8. This server reserves no second port, so no reservation token is good. */
function readEvenPort(message: StunMessage): boolean {
  const evenPort = findAttribute(message, 'EVEN-PORT');
  if (evenPort !== undefined && evenPort.length !== 1) throw new AttributeMalformed('EVEN-PORT', '1 octet');
  const token = findAttribute(message, 'RESERVATION-TOKEN');
  if (
    token !== undefined &&
    (evenPort !== undefined || findAttribute(message, 'REQUESTED-ADDRESS-FAMILY') !== undefined)
  ) {
    throw new RequestRefused('ERR_TURN_BAD_REQUEST', 'expected RESERVATION-TOKEN alone');
  }
  if (token !== undefined || (evenPort !== undefined && evenPort.readUInt8(0) >= 0x80)) {
    throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected no reservation of a second port');
  }
  return evenPort !== undefined;
}

/**
 * Allocate (RFC 8656 7.2).
 *
 * @module
 */
import { attribute, encodeXorAddress, type StunAttribute } from '@wicgate/stun';
import { Allocation } from '../allocations/allocation.ts';
import { grantLifetime } from '../allocations/lifetime.ts';
import { lastMsOf } from '../authentication/turn-user.ts';
import { RequestRefused } from '../errors.ts';
import { type AllocateWish, readAllocateWish } from './allocate-wish.ts';
import { lifetimeAttribute } from './lifetime-attribute.ts';
import { type OpenedRelays, openRelays } from './open-relays.ts';
import type { TurnRequest, TurnServices } from './turn-request.ts';

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
  const wish = readAllocateWish(message, services.relays.families);

  services.allocations.reserve(request);
  services.pending.set(flow.key, message.transactionId);
  const opened = await open(request, services, wish);
  // The client's connection, or the server, may have ended meanwhile.
  if (services.pending.get(flow.key) !== message.transactionId) {
    opened.relay.close();
    opened.next?.close();
    services.allocations.release(request);
    return undefined;
  }
  services.pending.delete(flow.key);
  return place(request, services, { ...opened, requestedSeconds: wish.lifetimeSeconds });
}

async function open(request: TurnRequest, services: TurnServices, wish: AllocateWish): Promise<OpenedRelays> {
  const { message, flow, user } = request;
  try {
    return await openRelays(wish, user.tid, services);
  } catch (error) {
    if (services.pending.get(flow.key) === message.transactionId) services.pending.delete(flow.key);
    services.allocations.release(request);
    throw error;
  }
}

interface Granted extends OpenedRelays {
  readonly requestedSeconds: number | undefined;
}

function place(
  request: TurnRequest,
  services: TurnServices,
  { relay, next, addressErrors, requestedSeconds }: Granted,
): readonly StunAttribute[] {
  const { message, flow, user, nowMs } = request;
  const { transactionId } = message;
  const lifetimeSeconds = grantLifetime({ requestedSeconds, lastMs: lastMsOf(user, nowMs), nowMs }, services.lifetimes);
  const token = next && services.reservations.add(user.tid, next);
  const allocation = new Allocation({ flow, user, relay, transactionId });
  allocation.answer = [
    ...relay.locals.map((local) => attribute('XOR-RELAYED-ADDRESS', encodeXorAddress(local, transactionId))),
    lifetimeAttribute(lifetimeSeconds),
    ...(token === undefined ? [] : [attribute('RESERVATION-TOKEN', token)]),
    attribute('XOR-MAPPED-ADDRESS', encodeXorAddress(flow.remote, transactionId)),
    ...addressErrors,
  ];
  services.allocations.add(allocation, lifetimeSeconds);
  relay.listen((data, address, port) => services.deliver(allocation, data, address, port));
  return allocation.answer;
}

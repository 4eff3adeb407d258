/**
 * The relayed transport addresses for one Allocate request: a new one, one of each family, a pair of ports, or one that
 * was reserved (RFC 8656 7.2).
 *
 * @module
 */
import { attribute, encodeAddressErrorCode, type StunAttribute } from '@wicgate/stun';
import { RelayPortsExhausted, RequestRefused } from '../errors.ts';
import { DualRelay } from '../relay/dual-relay.ts';
import type { AddressFamily, RelaySocket } from '../relay/relay-socket.ts';
import type { AllocateWish } from './allocate-wish.ts';
import type { TurnServices } from './turn-request.ts';

export interface OpenedRelays {
  readonly relay: RelaySocket;
  /** On the port above that of `relay`, to be reserved. */
  readonly next: RelaySocket | undefined;
  /** ADDRESS-ERROR-CODE of the family that is not to be had (RFC 8656 18.12). */
  readonly addressErrors: readonly StunAttribute[];
}

type Services = Pick<TurnServices, 'relays' | 'reservations' | 'clock'>;

/** A neighbour that another program holds is found out by trying. */
const maxPairAttempts = 16;

/** @throws {RequestRefused} 508 */
export async function openRelays(wish: AllocateWish, tid: string, services: Services): Promise<OpenedRelays> {
  const { token, families, port } = wish;
  if (token !== undefined) return alone(takeReserved(token, tid, services));
  const [family = 'IPv4', other] = families;
  if (other !== undefined) return openBoth(wish, services);
  if (port === 'even below a free one') {
    services.reservations.requireRoom(tid);
    return openPair(family, services);
  }
  return alone(await services.relays.open({ family, port }).catch(refuseExhausted));
}

function takeReserved(token: Buffer, tid: string, { reservations }: Services): RelaySocket {
  const relay = reservations.take(tid, token);
  if (relay !== undefined) return relay;
  throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected a reservation that is in force');
}

async function openPair(family: AddressFamily, { relays }: Services): Promise<OpenedRelays> {
  for (let attempt = 0; attempt < maxPairAttempts; attempt += 1) {
    const relay = await relays.open({ family, port: 'even below a free one' }).catch(refuseExhausted);
    const next = await relays.open({ family, port: relay.local.port + 1 }).catch(noneIfExhausted);
    if (next !== undefined) return { relay, next, addressErrors: [] };
    relay.close();
  }
  throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected two free ports in a row in the relay range');
}

/** Both families, or the one that is to be had. */
async function openBoth({ port }: AllocateWish, { relays, clock }: Services): Promise<OpenedRelays> {
  const open = async (family: AddressFamily): Promise<RelaySocket | undefined> =>
    relays.families.has(family) ? relays.open({ family, port }).catch(noneIfExhausted) : undefined;
  const [ipv4, ipv6] = [await open('IPv4'), await open('IPv6')];
  if (ipv4 !== undefined && ipv6 !== undefined) return alone(new DualRelay(ipv4, ipv6, clock));
  const relay = ipv4 ?? ipv6;
  if (relay === undefined) return refuseExhausted(new RelayPortsExhausted());
  const missing = ipv4 === undefined ? 'IPv4' : 'IPv6';
  const because = relays.families.has(missing)
    ? 'ERR_TURN_INSUFFICIENT_CAPACITY'
    : 'ERR_TURN_ADDRESS_FAMILY_NOT_SUPPORTED';
  const errorCode = encodeAddressErrorCode(missing, new RequestRefused(because, `expected ${relay.local.family}`));
  return { relay, next: undefined, addressErrors: [attribute('ADDRESS-ERROR-CODE', errorCode)] };
}

function alone(relay: RelaySocket): OpenedRelays {
  return { relay, next: undefined, addressErrors: [] };
}

function noneIfExhausted(error: unknown): undefined {
  if (!(error instanceof RelayPortsExhausted)) throw error;
}

function refuseExhausted(error: unknown): never {
  if (!(error instanceof RelayPortsExhausted)) throw error;
  throw new RequestRefused('ERR_TURN_INSUFFICIENT_CAPACITY', 'expected a free port in the relay range');
}

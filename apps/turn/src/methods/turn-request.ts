/**
 * An authenticated request, and what its method may use to serve it.
 *
 * @module
 */
import type { DecodedMessage, StunAttribute } from '@wicgate/stun';
import type { Allocation } from '../allocations/allocation.ts';
import type { AllocationTable } from '../allocations/allocation-table.ts';
import type { LifetimeLimits } from '../allocations/lifetime.ts';
import type { PeerPolicy } from '../allocations/peer-policy.ts';
import type { TurnUser } from '../authentication/authenticator.ts';
import { isSameUser } from '../authentication/turn-user.ts';
import type { Clock } from '../clock.ts';
import { RequestRefused } from '../errors.ts';
import type { ClientFlow } from '../listeners/client-flow.ts';
import type { Relays } from '../relay/relay-socket.ts';
import type { Reservations } from '../relay/reservations.ts';

export interface TurnRequest {
  readonly message: DecodedMessage;
  readonly flow: ClientFlow;
  readonly user: TurnUser;
  readonly nowMs: number;
}

export interface TurnServices {
  readonly allocations: AllocationTable;
  readonly peers: PeerPolicy;
  readonly lifetimes: LifetimeLimits;
  readonly relays: Relays;
  readonly reservations: Reservations;
  readonly clock: Clock;
  /** Allocations in the making, by flow: the transaction id of their Allocate request. */
  readonly pending: Map<string, Buffer>;
  /** Takes what a peer sent to the allocation's relayed transport address. */
  readonly deliver: (allocation: Allocation, data: Buffer, address: string, port: number) => void;
}

/** Attributes of the success response; undefined answers nothing. @throws {RequestRefused} */
export type TurnMethod = (
  request: TurnRequest,
  services: TurnServices,
) => readonly StunAttribute[] | Promise<readonly StunAttribute[] | undefined>;

/** The allocation on the request's 5-tuple, if its user made it (RFC 8656 5). @throws {RequestRefused} 437, 441 */
export function ownAllocation({ flow, user }: TurnRequest, { allocations }: TurnServices): Allocation {
  const allocation = allocations.find(flow.key);
  if (allocation === undefined) {
    throw new RequestRefused('ERR_TURN_ALLOCATION_MISMATCH', 'expected an allocation on this 5-tuple');
  }
  if (!isSameUser(allocation.user, user)) {
    throw new RequestRefused('ERR_TURN_WRONG_CREDENTIALS', 'expected the credential that made the allocation');
  }
  return allocation;
}

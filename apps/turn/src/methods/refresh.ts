/**
 * Refresh (RFC 8656 8.2).
 *
 * @module
 */
import type { StunAttribute } from '@wicgate/stun';
import type { Allocation } from '../allocations/allocation.ts';
import { grantLifetime } from '../allocations/lifetime.ts';
import { lastMsOf } from '../authentication/turn-user.ts';
import { RequestRefused } from '../errors.ts';
import { DualRelay } from '../relay/dual-relay.ts';
import type { AddressFamily } from '../relay/relay-socket.ts';
import { findFamily } from './address-family.ts';
import { findLifetime, lifetimeAttribute } from './lifetime-attribute.ts';
import { ownAllocation, type TurnRequest, type TurnServices } from './turn-request.ts';

/**
 * The lifetime from now; 0 ends the allocation. REQUESTED-ADDRESS-FAMILY refreshes or ends one of the two relayed
 * transport addresses of a dual allocation.
 *
 * @throws {RequestRefused} 437, 441 or 443
 */
export function refresh(request: TurnRequest, services: TurnServices): readonly StunAttribute[] {
  const { message, user, nowMs } = request;
  const allocation = ownAllocation(request, services);
  const lastMs = lastMsOf(user, nowMs);
  const requestedSeconds = findLifetime(message);
  const family = findFamily(message, 'REQUESTED-ADDRESS-FAMILY');
  if (family === 'unknown' || (family !== undefined && !allocation.relay.serves(family))) {
    throw new RequestRefused('ERR_TURN_PEER_ADDRESS_FAMILY_MISMATCH', 'expected the family of the allocation');
  }
  const dual = findDual(allocation);
  const lifetimeSeconds =
    requestedSeconds === 0 ? 0 : grantLifetime({ requestedSeconds, lastMs, nowMs }, services.lifetimes);
  if (dual !== undefined && family !== undefined) {
    refreshOne(request, services, { allocation, dual, family, lifetimeSeconds });
  } else if (lifetimeSeconds === 0) {
    services.allocations.end(allocation, 'deleted');
  } else {
    dual?.endTogether();
    services.allocations.extend(allocation, lifetimeSeconds, lastMs);
  }
  return [lifetimeAttribute(lifetimeSeconds)];
}

/** Undefined where there is one relayed transport address, or but one is left. */
function findDual({ relay }: Allocation): DualRelay | undefined {
  return relay instanceof DualRelay && relay.isWhole ? relay : undefined;
}

interface OneFamily {
  readonly allocation: Allocation;
  readonly dual: DualRelay;
  readonly family: AddressFamily;
  readonly lifetimeSeconds: number;
}

/** The allocation lives as long as the later of the two. */
function refreshOne(
  { user, nowMs }: TurnRequest,
  { allocations }: TurnServices,
  { allocation, dual, family, lifetimeSeconds }: OneFamily,
): void {
  const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
  const lastMs = lastMsOf(user, nowMs);
  if (lifetimeSeconds === 0) {
    const otherEndMs = dual.endOf(other);
    dual.end(family);
    allocation.dropFamily(family);
    if (otherEndMs !== undefined) {
      allocations.extend(allocation, Math.max(0, otherEndMs - nowMs) / 1_000, lastMs);
    }
    return;
  }
  const endMs = Math.min(nowMs + 1_000 * lifetimeSeconds, lastMs);
  const otherEndMs = dual.endOf(other) ?? allocation.expiresAtMs;
  dual.endTogether();
  const early = endMs < otherEndMs ? family : other;
  const [earlyMs, lateMs] = [Math.min(endMs, otherEndMs), Math.max(endMs, otherEndMs)];
  allocations.extend(allocation, (lateMs - nowMs) / 1_000, lastMs);
  if (earlyMs < lateMs) dual.endAt(early, earlyMs, () => allocation.dropFamily(early));
}

/**
 * Refresh (RFC 8656 8.2).
 *
 * @module
 */
import type { StunAttribute } from '@wicgate/stun';
import { grantLifetime } from '../allocations/lifetime.ts';
import { RequestRefused } from '../errors.ts';
import { asksForOtherFamily } from './address-family.ts';
import { findLifetime, lifetimeAttribute } from './lifetime-attribute.ts';
import { ownAllocation, type TurnRequest, type TurnServices } from './turn-request.ts';

/** The lifetime from now; 0 ends the allocation. @throws {RequestRefused} 437, 441 or 443 */
export function refresh(request: TurnRequest, services: TurnServices): readonly StunAttribute[] {
  const { message, user, nowMs } = request;
  const allocation = ownAllocation(request, services);
  const requestedSeconds = findLifetime(message);
  if (asksForOtherFamily(message)) {
    throw new RequestRefused('ERR_TURN_PEER_ADDRESS_FAMILY_MISMATCH', 'expected the family of the allocation');
  }
  if (requestedSeconds === 0) {
    services.allocations.end(allocation, 'deleted');
    return [lifetimeAttribute(0)];
  }
  const lifetimeSeconds = grantLifetime(
    { requestedSeconds, expiresAtSeconds: user.expiresAtSeconds, nowMs },
    services.lifetimes,
  );
  services.allocations.extend(allocation, lifetimeSeconds);
  return [lifetimeAttribute(lifetimeSeconds)];
}

/**
 * CreatePermission (RFC 8656 10.2).
 *
 * @module
 */
import type { StunAttribute } from '@wicgate/stun';
import { readPeers } from './peer-address.ts';
import { ownAllocation, type TurnRequest, type TurnServices } from './turn-request.ts';

/** Permits every peer that the request names, or none of them. @throws {RequestRefused} 400, 403, 437, 441, 443 or 508 */
export function createPermission(request: TurnRequest, services: TurnServices): readonly StunAttribute[] {
  const allocation = ownAllocation(request, services);
  const peers = readPeers(request.message, services.peers, allocation.relay);
  allocation.permit(
    peers.map(({ address }) => address),
    request.nowMs,
  );
  return [];
}

/**
 * `POST /revocations` on the operations listener, and what follows from a revocation.
 *
 * @module
 */
import type { Operations } from '@wicgate/node-kit';
import { type EndRevokedFlowsContext, endRevokedFlows, isMeant } from '../registration/end-revoked-flows.ts';
import type { TurnAccess } from '../turn/turn-access.ts';
import { createRevocationRoute, type RevocationRouteOptions } from './revocation-route.ts';

export interface RevocationSurroundings
  extends EndRevokedFlowsContext,
    Pick<RevocationRouteOptions, 'wafs' | 'revocations' | 'log' | 'lines' | 'count'> {
  readonly turn: Pick<TurnAccess, 'tokensRevoked'>;
}

/** The function that comes back removes the route. */
export function addRevocationRoute(operations: Operations, around: RevocationSurroundings): () => void {
  const handle = createRevocationRoute({
    ...around,
    end: (revocation) => {
      around.turn.tokensRevoked((token) => isMeant(revocation, token));
      return endRevokedFlows(revocation, around);
    },
    now: () => Date.now() / 1_000,
  });
  return operations.addRoute('POST', '/revocations', handle);
}

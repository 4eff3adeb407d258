/**
 * The end of registrations that stand on what a WAF has revoked (REQ 2.2: nobody else's are touched).
 *
 * A registration stands on the token of the last REGISTER that the core accepted on its flow: whoever has registered
 * again with a newer token keeps it when an older one is revoked. An emergency registration stays, as it does where the
 * HSS ends the user's (TS 29.228 6.1.3.1): it is good for calls for help only.
 *
 * @module
 */
import type { NodeFlow } from '@wicgate/sip-node';
import type { TokenName } from '../authorization/access-token.ts';
import type { Revocation } from '../authorization/revocation-route.ts';
import { policyViolation } from '../w2/close-codes.ts';
import type { RegisteredFlow, RegisteredFlows } from './registered-flows.ts';

export interface EndRevokedFlowsContext {
  readonly flows: Pick<RegisteredFlows, 'findByToken' | 'revoke'>;
  /** Never rejects, and takes less than a second. */
  readonly deregisterFlow: (flow: RegisteredFlow) => Promise<void>;
  readonly closeConnection: (connection: NodeFlow, code: number) => void;
}

/**
 * Closes their connections, ends them and deregisters them at the core; how many they were. Nobody registers anew before
 * the core has been told: that takes a new connection.
 */
export async function endRevokedFlows(
  revocation: Revocation,
  { flows, deregisterFlow, closeConnection }: EndRevokedFlowsContext,
): Promise<number> {
  const meant = flows.findByToken((token) => isMeant(revocation, token));
  const revoked = meant.filter(({ name }) => name.isEmergency !== true);
  const told = revoked.map((flow) => {
    const deregistered = deregisterFlow(flow);
    flows.revoke(flow.name);
    closeConnection(flow.connection, policyViolation);
    return deregistered;
  });
  await Promise.all(told);
  return revoked.length;
}

/** Whether it is this token that is revoked, or its session. */
export function isMeant({ issuer, kind, name }: Revocation, token: TokenName): boolean {
  return token.issuer === issuer && token[kind] === name;
}

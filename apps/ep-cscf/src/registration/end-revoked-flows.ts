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
  readonly flows: Pick<RegisteredFlows, 'find' | 'findByToken' | 'revoke'>;
  /** Never rejects, and takes less than a second. */
  readonly deregisterFlow: (flow: RegisteredFlow) => Promise<void>;
  readonly closeConnection: (connection: NodeFlow, code: number) => void;
}

/** Deregisters them at the core, ends them and closes their connections; how many they were. */
export async function endRevokedFlows(
  revocation: Revocation,
  { flows, deregisterFlow, closeConnection }: EndRevokedFlowsContext,
): Promise<number> {
  const meant = flows.findByToken((token) => isMeant(revocation, token));
  const revoked = meant.filter(({ name }) => name.isEmergency !== true);
  await Promise.all(
    revoked.map(async (flow) => {
      await deregisterFlow(flow);
      // Meanwhile the user may have registered again, with a token that is good.
      const held = flows.find(flow.name);
      if (held?.authorization === undefined || !isMeant(revocation, held.authorization.token)) return;
      flows.revoke(held.name);
      closeConnection(held.connection, policyViolation);
    }),
  );
  return revoked.length;
}

function isMeant({ issuer, kind, name }: Revocation, token: TokenName): boolean {
  return token.issuer === issuer && token[kind] === name;
}

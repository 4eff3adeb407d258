/**
 * A REGISTER as it arrives at a procedure.
 *
 * @module
 */
import { canonicalImpu, readNameAddr, type SipRequest } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';

export interface Arrived {
  /** Without what a UE may not say. */
  readonly request: SipRequest;
  readonly connection: NodeFlow;
  /** Names the flow of a contact that names none itself. */
  readonly connectionId: string;
}

/** The public identity in To or From, in canonical spelling. @throws {HeaderMalformed} */
export function readIdentity({ headers }: SipRequest, name: 'To' | 'From'): string {
  return canonicalImpu(readNameAddr(headers, name).uri);
}

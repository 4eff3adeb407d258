/**
 * What transports tell the endpoint.
 *
 * @module
 */
import type { SipError, SipMessage } from '@wicgate/sip';
import type { FlowEnded } from './errors.ts';
import type { NodeFlow } from './node-flow.ts';

export interface FlowEvents {
  /** One whole message, not checked yet. */
  readonly message: (message: SipMessage, flow: NodeFlow) => void;
  /** Octets that are no message; `octets` where they are known to begin with one. The flow is still open. */
  readonly fault: (flow: NodeFlow, error: SipError, octets?: Uint8Array) => void;
  /** `reason` where this end closed it because of its peer. */
  readonly closed: (flow: NodeFlow, reason: FlowEnded | undefined) => void;
}

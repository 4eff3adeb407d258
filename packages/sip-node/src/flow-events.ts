/**
 * What transports tell the endpoint.
 *
 * @module
 */
import type { SipError, SipMessage } from '@wicgate/sip';
import type { NodeFlow } from './node-flow.ts';

export interface FlowEvents {
  readonly opened: (flow: NodeFlow) => void;
  /** One whole message, not checked yet. */
  readonly message: (message: SipMessage, flow: NodeFlow) => void;
  /** Octets that are no message. */
  readonly fault: (flow: NodeFlow, error: SipError) => void;
  readonly closed: (flow: NodeFlow) => void;
}

/**
 * What transports tell the endpoint.
 *
 * @module
 */
import type { SipError, SipMessage } from '@wicgate/sip';
import type { NodeFlow } from './node-flow.ts';

export interface FlowEvents {
  /** One whole message, not checked yet. */
  readonly message: (message: SipMessage, flow: NodeFlow) => void;
  /** Octets that are no message; `octets` where they came as one, in a datagram or frame. */
  readonly fault: (flow: NodeFlow, error: SipError, octets?: Uint8Array) => void;
  readonly closed: (flow: NodeFlow) => void;
}

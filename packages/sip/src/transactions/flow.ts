/**
 * A way to one peer: a connection, or a remote address on a datagram socket (RFC 5626 3.3 calls it a flow).
 *
 * @module
 */
import type { SipMessage } from '../messages/message.ts';

export interface Flow {
  /** As it stands in Via: `UDP`, `TCP`, `TLS`, `WS` or `WSS`. */
  readonly transport: string;
  /** Whether the transport repeats and orders by itself; then no message is retransmitted (RFC 3261 17). */
  readonly reliable: boolean;
  /** `host[:port]` for the Via of requests sent on this flow (RFC 3261 18.1.1). */
  readonly sentBy: string;
  /** @throws {TransportFailed} rejects: the flow is gone, or its queue is full. */
  send(message: SipMessage): Promise<void>;
}

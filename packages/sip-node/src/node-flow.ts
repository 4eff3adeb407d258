/**
 * A flow of this process: one connection, or one remote address on a datagram socket.
 *
 * @module
 */
import type { Flow } from '@wicgate/sip';

/** What is known of the other end; only what TLS proved may be trusted. */
export interface FlowPeer {
  /** Without brackets and zone; an IPv4 address as such, also on a socket of both families. */
  readonly address: string;
  readonly port: number;
  /** SIP domains in the peer's verified certificate, in lower case (RFC 5922 7.1); empty where it has proved none. */
  readonly certificateNames: readonly string[];
  /** 32 octets of exported keying material in hexadecimal (RFC 5705); names the TLS session on both ends. */
  readonly tlsSession: string | undefined;
}

export interface NodeFlow extends Flow {
  /** The name of the listener it came in by; undefined where this process connected. */
  readonly listener: string | undefined;
  readonly peer: FlowPeer;
  readonly isOpen: boolean;
  /** Closes once everything sent before has left. `code` is the WebSocket close code, 1000 unless given. */
  close(code?: number): void;
}

/**
 * The way to one client: what the engine knows of a UDP source address, or of a TCP or TLS connection.
 *
 * @module
 */
import type { Endpoint } from '@wicgate/stun';

export type ClientTransport = 'UDP' | 'TCP' | 'TLS';

export interface ClientFlow {
  /** Names the 5-tuple. */
  readonly key: string;
  readonly transport: ClientTransport;
  readonly remote: Endpoint;
  /** Hands a response over. Whoever leaves too many of them unread loses the connection. */
  sendResponse(octets: Buffer): void;
  /** Hands application data over; false if it was dropped because the client, or the socket, is too slow. */
  sendMedia(octets: Buffer): boolean;
}

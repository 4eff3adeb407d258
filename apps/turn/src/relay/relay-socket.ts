/**
 * One relayed transport address, as an allocation is given it.
 *
 * @module
 */
import type { Endpoint } from '@wicgate/stun';

export interface RelaySocket {
  /** The relayed transport address. */
  readonly local: Endpoint;
  /** Names who gets what peers send; until then it is dropped. */
  listen(receive: DatagramReceiver): void;
  /** False if the datagram was dropped because the socket is too slow. */
  send(data: Buffer, address: string, port: number): boolean;
  close(): void;
}

export type DatagramReceiver = (data: Buffer, address: string, port: number) => void;

export interface RelayRequest {
  /** Whether the port must be even (RFC 8656 18.7). */
  readonly evenPort: boolean;
}

/** @throws {RelayPortsExhausted} */
export type OpenRelay = (request: RelayRequest) => Promise<RelaySocket>;

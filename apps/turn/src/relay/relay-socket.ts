/**
 * One relayed transport address, or one of each family, as an allocation is given it.
 *
 * @module
 */
import type { Endpoint } from '@wicgate/stun';

export type AddressFamily = Endpoint['family'];

export interface RelaySocket {
  /** The relayed transport address as it is told to clients; of two, the IPv4 one. */
  readonly local: Endpoint;
  /** That and, of a dual allocation, the IPv6 one. */
  readonly locals: readonly Endpoint[];
  /** Whether it has a relayed transport address of that family, and has it still. */
  serves(family: AddressFamily): boolean;
  /** Names who gets what peers send; until then it is dropped. */
  listen(receive: DatagramReceiver): void;
  /** False if the datagram was dropped because the socket is too slow. */
  send(data: Buffer, address: string, port: number): boolean;
  close(): void;
}

/** The address is of the form that {@link Endpoint} has. */
export type DatagramReceiver = (data: Buffer, address: string, port: number) => void;

export interface RelayRequest {
  readonly family: AddressFamily;
  /** An even port, with the one above it free, for RTP and RTCP (RFC 8656 18.7); or that one. */
  readonly port: 'any' | 'even' | 'even below a free one' | number;
}

/** Where relayed transport addresses come from. */
export interface Relays {
  readonly families: ReadonlySet<AddressFamily>;
  /** Of a family that there is. @throws {RelayPortsExhausted} */
  open(request: RelayRequest): Promise<RelaySocket>;
}

/** The family of an address of the form that {@link Endpoint} has. */
export function familyOf(address: string): AddressFamily {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

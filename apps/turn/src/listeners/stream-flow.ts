/**
 * The way to a client over its TCP or TLS connection.
 *
 * @module
 */
import type { Socket } from 'node:net';
import type { Endpoint } from '@wicgate/stun';
import type { Clock } from '../clock.ts';
import type { ClientFlow } from './client-flow.ts';

/** How long a connection may stay without an allocation. */
export const idleMs = 30_000;
/** What may wait for a slow client before media is dropped, and before the connection is ended. */
const maxQueuedMediaOctets = 262_144;
const maxQueuedOctets = 524_288;

export interface StreamFlowSettings {
  readonly transport: 'TCP' | 'TLS';
  readonly socket: Socket;
  readonly remote: Endpoint;
  /** Tells the connection from an earlier one of the same source. */
  readonly serial: number;
  readonly clock: Clock;
  readonly hasAllocation: (flow: ClientFlow) => boolean;
}

export class StreamFlow implements ClientFlow {
  readonly transport: 'TCP' | 'TLS';
  readonly key: string;
  readonly remote: Endpoint;
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #hasAllocation: (flow: ClientFlow) => boolean;
  #stopTimer: () => void = () => undefined;

  constructor({ transport, socket, remote, serial, clock, hasAllocation }: StreamFlowSettings) {
    this.transport = transport;
    this.remote = remote;
    this.key = `${transport} ${remote.address} ${remote.port} ${serial}`;
    this.#socket = socket;
    this.#clock = clock;
    this.#hasAllocation = hasAllocation;
  }

  sendResponse(octets: Buffer): void {
    if (this.#socket.writableLength > maxQueuedOctets) this.end();
    else this.#socket.write(octets);
  }

  sendMedia(octets: Buffer): boolean {
    if (!this.#socket.writable || this.#socket.writableLength > maxQueuedMediaOctets) return false;
    this.#socket.write(octets);
    return true;
  }

  /** Ends the connection unless it gets an allocation in time. */
  watch(): void {
    this.#stopTimer();
    this.#stopTimer = this.#clock.after(idleMs, () => {
      if (!this.#hasAllocation(this)) this.end();
    });
  }

  forget(): void {
    this.#stopTimer();
  }

  end(): void {
    this.#socket.destroy();
  }
}

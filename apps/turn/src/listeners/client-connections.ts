/**
 * The connections of clients, over TCP and TLS and on every port together: bounded in all and for each address, counted
 * from their first octet on, so that unfinished TLS handshakes count too.
 *
 * @module
 */
import type { Socket } from 'node:net';
import { type ConnectionLimits, networkOf } from '@wicgate/node-kit';
import type { StreamFlow } from './stream-flow.ts';

export class ClientConnections {
  readonly #limits: ConnectionLimits;
  readonly #sockets = new Set<Socket>();
  /** Sockets by where they come from. */
  readonly #counts = new Map<string, number>();
  readonly #flows = new Map<string, StreamFlow>();
  #serial = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Follows the socket until it closes; false if there are too many already. */
  admit(socket: Socket): boolean {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = this.#counts.get(network) ?? 0;
    if (this.#sockets.size >= this.#limits.total || count >= this.#limits.perAddress) return false;
    this.#counts.set(network, count + 1);
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      const left = (this.#counts.get(network) ?? 1) - 1;
      if (left === 0) this.#counts.delete(network);
      else this.#counts.set(network, left);
    });
    return true;
  }

  /** Tells a connection from an earlier one of the same source. */
  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  add(flow: StreamFlow): void {
    this.#flows.set(flow.key, flow);
  }

  remove(flow: StreamFlow): void {
    this.#flows.delete(flow.key);
  }

  /** The connection of that flow has lost its allocation: its time without one starts again. */
  watch(flowKey: string): void {
    this.#flows.get(flowKey)?.watch();
  }

  /** Those over TLS have ended their handshake. */
  countOf(transport: StreamFlow['transport']): number {
    let count = 0;
    for (const flow of this.#flows.values()) if (flow.transport === transport) count += 1;
    return count;
  }

  endAll(): void {
    for (const flow of this.#flows.values()) {
      flow.forget();
      flow.end();
    }
    for (const socket of this.#sockets) socket.destroy();
  }
}

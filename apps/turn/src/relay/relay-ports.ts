/**
 * Which ports of the relay range are free. Ports are drawn at random: a stranger cannot guess the next one
 * (RFC 8656 7.2, RFC 6056).
 *
 * @module
 */
import type { RelayRequest } from './relay-socket.ts';

export interface PortRange {
  readonly min: number;
  readonly max: number;
}

export class RelayPorts {
  readonly #range: PortRange;
  readonly #taken = new Set<number>();
  readonly #random: (below: number) => number;

  /** @param random gives a whole number from 0 to one below its argument. */
  constructor(range: PortRange, random: (below: number) => number) {
    this.#range = range;
    this.#random = random;
  }

  /** A free port, now taken; undefined if there is none outside `except`. */
  take(wanted: RelayRequest['port'], except: ReadonlySet<number>): number | undefined {
    const { min, max } = this.#range;
    const count = max - min + 1;
    const start = typeof wanted === 'number' ? wanted - min : this.#random(count);
    const steps = typeof wanted === 'number' ? 1 : count;
    for (let step = 0; step < steps; step += 1) {
      const port = min + ((start + step) % count);
      if (!this.#isFree(port) || except.has(port) || !this.#suits(port, wanted)) continue;
      this.#taken.add(port);
      return port;
    }
    return undefined;
  }

  release(port: number): void {
    this.#taken.delete(port);
  }

  #suits(port: number, wanted: RelayRequest['port']): boolean {
    if (typeof wanted === 'number') return port === wanted;
    if (wanted === 'any') return true;
    return port % 2 === 0 && (wanted === 'even' || this.#isFree(port + 1));
  }

  #isFree(port: number): boolean {
    const { min, max } = this.#range;
    return port >= min && port <= max && !this.#taken.has(port);
  }
}

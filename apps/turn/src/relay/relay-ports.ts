/**
 * Which ports of the relay range are free. Ports are drawn at random: a stranger cannot guess the next one
 * (RFC 8656 7.2, RFC 6056).
 *
 * @module
 */

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
  take(evenPort: boolean, except: ReadonlySet<number>): number | undefined {
    const { min, max } = this.#range;
    const count = max - min + 1;
    const start = this.#random(count);
    for (let step = 0; step < count; step += 1) {
      const port = min + ((start + step) % count);
      if ((evenPort && port % 2 !== 0) || this.#taken.has(port) || except.has(port)) continue;
      this.#taken.add(port);
      return port;
    }
    return undefined;
  }

  release(port: number): void {
    this.#taken.delete(port);
  }
}

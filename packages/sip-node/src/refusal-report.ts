/**
 * Tells of connections that a listener has no room for, however many come.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import { ConnectionsRefused } from './errors.ts';

const intervalMs = 1_000;

/** The first refusal is told at once, those of each second after it together. */
export class RefusalReport {
  readonly #clock: Clock;
  readonly #tell: (error: ConnectionsRefused) => void;
  #count = 0;
  #address: string | undefined;
  #isWaiting = false;

  constructor(clock: Clock, tell: (error: ConnectionsRefused) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A connection from `address`, where that is known, was refused. */
  add(address: string | undefined): void {
    this.#count += 1;
    this.#address = address;
    if (!this.#isWaiting) this.#flush();
  }

  #flush(): void {
    const count = this.#count;
    this.#isWaiting = count > 0;
    if (count === 0) return;
    this.#count = 0;
    this.#clock.after(intervalMs, () => this.#flush());
    this.#tell(new ConnectionsRefused(count, this.#address));
  }
}

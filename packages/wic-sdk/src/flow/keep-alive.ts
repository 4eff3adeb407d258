/**
 * Keep-alive of a connection by CRLF (RFC 5626 4.4.1): a double CRLF is the ping, a single one the pong.
 *
 * A page cannot send the WebSocket's own pings.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

export interface KeepAliveOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly sendPing: () => void;
  /** Nothing came back in time: the flow is dead. */
  readonly onDead: () => void;
}

/** Whatever the far end asks for: so a dead flow is noticed soon. */
const longestMs = 25_000;
const pongMs = 10_000;

export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #stopTimer: () => void = () => undefined;
  #waits = false;
  #intervalMs = longestMs;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  /** Pings from now on, each time after 80 to 100 % of the interval (RFC 5626 4.4). */
  start(): void {
    this.#waits = false;
    const { clock, random } = this.#options;
    this.#restart(() => clock.after(this.#intervalMs * (0.8 + 0.2 * random()), () => this.probe()));
  }

  /** The far end wants pings as often as that at least (RFC 6223 4.3); 0 leaves it to us. */
  every(seconds: number): void {
    this.#intervalMs = seconds === 0 ? longestMs : Math.min(seconds * 1_000, longestMs);
    if (!this.#waits) this.start();
  }

  /** Something came in: the peer lives. */
  heard(): void {
    if (this.#waits) this.start();
  }

  /** Pings at once. */
  probe(): void {
    if (this.#waits) return;
    this.#waits = true;
    this.#restart(() => this.#options.clock.after(pongMs, () => this.#options.onDead()));
    this.#options.sendPing();
  }

  stop(): void {
    this.#waits = false;
    this.#restart(() => () => undefined);
  }

  #restart(start: () => () => void): void {
    this.#stopTimer();
    this.#stopTimer = start();
  }
}

/**
 * Keep-alive of a flow (RFC 5626 4.4.1): on a connection a double CRLF is the ping and a single one the pong; between
 * datagrams a STUN binding request takes their place.
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';
import { TimerGroup } from '../usages/timer-group.ts';

/** How a ping leaves, how often, and who hears that none is answered. */
export interface KeepAliveOptions {
  readonly clock: Clock;
  /** Milliseconds until the next ping: see `keepAliveIntervalMs`. Asked before each. */
  readonly nextIntervalMs: () => number;
  readonly sendPing: () => void;
  /** No sign of life in time: the flow has failed. Nothing runs any more. */
  readonly onDead: () => void;
}

/** The ping on a connection (RFC 5626 4.4.1). */
export const crlfPing = '\r\n\r\n';
/** Its answer. */
export const crlfPong = '\r\n';

/** RFC 5626 4.4.1. */
const pongMs = 10_000;

/** Pings one flow until {@link KeepAlive.stop}, or until it is dead. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #timers: TimerGroup<'ping' | 'pong'>;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    this.#timers = new TimerGroup(options.clock);
  }

  /** Pings from now on. */
  start(): void {
    this.#timers.stop('pong');
    this.#timers.start('ping', this.#options.nextIntervalMs(), () => this.probe());
  }

  /** Something came in, be it no pong: the peer lives. */
  heard(): void {
    if (this.#timers.isRunning('pong')) this.start();
  }

  /** Pings at once, as after a change of network; nothing while a pong is awaited. */
  probe(): void {
    if (this.#timers.isRunning('pong')) return;
    this.#timers.stop('ping');
    this.#timers.start('pong', pongMs, () => this.#options.onDead());
    this.#options.sendPing();
  }

  stop(): void {
    this.#timers.stopAll();
  }
}

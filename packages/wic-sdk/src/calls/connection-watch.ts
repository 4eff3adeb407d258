/**
 * Watches the media path of one call: says when there is none, restarts ICE where it fails, and ends the call where that
 * does not help (RFC 8445 9, RFC 8829 4.1.19).
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';

export interface ConnectionWatchOptions {
  readonly clock: Clock;
  /** Of the two ends the one that made the first offer restarts, so that they do not meet. */
  readonly isOfferer: boolean;
  readonly onConnected: () => void;
  /** There is no path, or there is one again; the same may be told again. */
  readonly onInterruption: (isInterrupted: boolean) => void;
  readonly restart: () => void;
  readonly onFailed: () => void;
}

/** How long a connection may take from the answer on. */
const connectTimeoutMs = 40_000;
/** How long a failed one may take to come back. */
const restartTimeoutMs = 15_000;
/** A restart finds no relay while its server is away: so often another one is tried meanwhile. */
const restartAgainMs = 6_000;
/** How long the first candidates may try, where later ones cannot follow them (RFC 8840 4.2). */
const firstPairsMs = 3_000;
/** Consent checks go unanswered for a moment on a good path, too (RFC 7675 5.1): a blip is no news. */
const blipMs = 1_000;

export class ConnectionWatch {
  readonly #options: ConnectionWatchOptions;
  #isConnected = false;
  #isRestarted = false;
  #isFailed = false;
  #stopTimeout: () => void = () => undefined;
  #stopRestarts: () => void = () => undefined;
  #stopFirstPairs: (() => void) | undefined;
  #stopBlip: (() => void) | undefined;

  constructor(options: ConnectionWatchOptions) {
    this.#options = options;
  }

  /** The call is answered: a path has to be found. */
  start(state: RTCPeerConnectionState): void {
    this.#await(connectTimeoutMs);
    this.onState(state);
  }

  onState(state: RTCPeerConnectionState): void {
    if (state === 'connected') this.#onConnected();
    else if (state === 'failed') this.#onFailed();
    else if (state === 'disconnected') this.#onDisconnected();
  }

  /** There are candidates that the far end cannot be told by INFO. */
  lateCandidates(): void {
    if (this.#isConnected || this.#isRestarted || this.#stopFirstPairs !== undefined) return;
    this.#stopFirstPairs = this.#options.clock.after(firstPairsMs, () => this.#restart());
  }

  /** The same time again: what kept the path from coming back lay elsewhere. */
  extend(): void {
    this.#await(restartTimeoutMs);
  }

  stop(): void {
    this.#stopTimeout();
    this.#stopFirstPairs?.();
    this.#stopRestarts();
    this.#endBlip();
  }

  #onConnected(): void {
    this.stop();
    this.#options.onInterruption(false);
    this.#isConnected = true;
    this.#isRestarted = this.#isFailed = false;
    this.#options.onConnected();
  }

  /** It may come back by itself, or fail. */
  #onDisconnected(): void {
    this.#stopBlip ??= this.#options.clock.after(blipMs, () => this.#options.onInterruption(true));
  }

  #endBlip(): void {
    this.#stopBlip?.();
    this.#stopBlip = undefined;
  }

  /** What is restarted may fail in its turn, and gets no more time for it. */
  #onFailed(): void {
    if (this.#isFailed) return;
    this.#isFailed = true;
    this.#isConnected = false;
    this.#endBlip();
    this.#options.onInterruption(true);
    this.#await(restartTimeoutMs);
    if (this.#options.isOfferer) this.#keepRestarting();
  }

  #keepRestarting(): void {
    this.#restart();
    this.#stopRestarts = this.#options.clock.after(restartAgainMs, () => {
      this.#isRestarted = false;
      this.#keepRestarting();
    });
  }

  #restart(): void {
    if (this.#isRestarted || this.#isConnected) return;
    this.#isRestarted = true;
    this.#options.restart();
  }

  #await(ms: number): void {
    this.#stopTimeout();
    this.#stopTimeout = this.#options.clock.after(ms, () => this.#options.onFailed());
  }
}

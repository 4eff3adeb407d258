/**
 * Notices that a call which may only go through a relay finds none (RFC 8656 7.4, W3C webrtc icecandidateerror).
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { RelayProblem } from '../wic.ts';
import { relayProblemOf } from './relay-problem.ts';

export interface RelayWatchOptions {
  readonly clock: Clock;
  readonly configuration: RTCConfiguration;
  /** Told once at most, and not once there was a relay. */
  readonly onNoRelay: (problem: RelayProblem) => void;
}

/** A server that stays silent on TCP, or whose TLS never comes about, is waited for by browsers for minutes. */
const patienceMs = 15_000;

export class RelayWatch {
  readonly #options: RelayWatchOptions;
  readonly #heard = new Set<RelayProblem>();
  #stopTimer: (() => void) | undefined;
  #isOver: boolean;

  constructor(options: RelayWatchOptions) {
    this.#options = options;
    this.#isOver = options.configuration.iceTransportPolicy !== 'relay';
  }

  /** Candidates are being looked for. */
  gathering(): void {
    if (this.#isOver || this.#stopTimer !== undefined) return;
    this.#stopTimer = this.#options.clock.after(patienceMs, () => this.#giveUp());
  }

  /** There is one: whatever else goes wrong, it is not for want of a relay. */
  found(): void {
    this.stop();
  }

  /** One server, over one transport, has failed. */
  failed(errorCode: number): void {
    this.#heard.add(relayProblemOf(errorCode) ?? 'unreachable');
  }

  /** No more candidates come. */
  complete(): void {
    if (!this.#isOver) this.#giveUp();
  }

  stop(): void {
    this.#isOver = true;
    this.#stopTimer?.();
  }

  /** A server that answered says more than one that did not. */
  #giveUp(): void {
    const { configuration, onNoRelay } = this.#options;
    this.stop();
    const hasServer = (configuration.iceServers ?? []).length > 0;
    const told = (['refused', 'full'] as const).find((problem) => this.#heard.has(problem));
    onNoRelay(hasServer ? (told ?? 'unreachable') : 'not offered');
  }
}

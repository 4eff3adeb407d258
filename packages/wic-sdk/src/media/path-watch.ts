/**
 * Watches which way media take.
 *
 * @module
 */
import type { Clock } from '@wicgate/sip';
import type { MediaPath } from '../wic.ts';
import { readMediaPath } from './media-path.ts';

export interface PathWatchOptions {
  readonly clock: Clock;
  readonly connection: RTCPeerConnection;
  /** Told of every change. */
  readonly onPath: (path: MediaPath) => void;
}

/** Not every browser tells of another pair, and none that a candidate of the far end turns out to be a relay. */
const lookAgainMs = 3_000;

export class PathWatch {
  readonly #options: PathWatchOptions;
  #known = '';
  #stopTimer: () => void = () => undefined;
  #isStopped = false;

  constructor(options: PathWatchOptions) {
    this.#options = options;
  }

  /** Media flow: looks now, and from time to time until stopped. */
  start(): void {
    const { connection } = this.#options;
    for (const { sender } of connection.getTransceivers()) {
      const ice = sender.transport?.iceTransport;
      if (ice !== undefined) ice.onselectedcandidatepairchange = () => this.#look();
    }
    this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }

  #look(): void {
    if (this.#isStopped) return;
    this.#stopTimer();
    this.#stopTimer = this.#options.clock.after(lookAgainMs, () => this.#look());
    this.#read().catch(() => undefined);
  }

  async #read(): Promise<void> {
    const path = readMediaPath((await this.#options.connection.getStats()) as unknown as Map<string, unknown>);
    const text = JSON.stringify(path);
    if (path === undefined || text === this.#known || this.#isStopped) return;
    this.#known = text;
    this.#options.onPath(path);
  }
}

/**
 * Sends candidates to the far end of one dialog as they are found (RFC 8838 8 to 14, RFC 8840 4.3, 4.4).
 *
 * One INFO is under way at a time, for their order counts. Each holds what the reader gives: all candidates of the
 * present ICE generation, so that none depends on those before (RFC 8840 4.4). Fragments are opaque here; which media and
 * which ICE session they belong to stands in them.
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';
import { type TrickleEvent, type TrickleRole, trickleGate } from './trickle-gate.ts';

/** What there is to say at the moment (RFC 8840 9). */
export interface TrickleFragment {
  readonly octets: Uint8Array;
  /** With end-of-candidates: nothing follows in this generation (RFC 8838 13). */
  readonly isLast: boolean;
}

/** What came of one INFO. */
export type TrickleOutcome =
  | 'taken'
  /** 469, 415, 405, 501: the far end takes none. */
  | 'refused'
  /** Nothing came back, or a fault of the moment. */
  | 'failed';

/** What a {@link TrickleSender} starts with. */
export interface TrickleSenderOptions {
  readonly clock: Clock;
  readonly role: TrickleRole;
  /** What there is to say; undefined while there is nothing. */
  readonly readFragment: () => TrickleFragment | undefined;
  /** Sends the INFO with `octets` and calls `onEnd` once. */
  readonly send: (octets: Uint8Array, onEnd: (outcome: TrickleOutcome) => void) => void;
  /** How long to wait for more of a burst, in milliseconds; 20 unless given. */
  readonly burstMs?: number;
}

/** How often the same fragment is tried. */
const maxTries = 3;

/** Sends one INFO after the other, whenever the reader has something new to say. */
export class TrickleSender {
  readonly #options: TrickleSenderOptions;
  #isOpen = false;
  #isSending = false;
  #isStopped = false;
  /** The end of candidates has been taken. */
  #isComplete = false;
  #said: Uint8Array | undefined;
  #tries = 0;
  #stopTimer: (() => void) | undefined;

  constructor(options: TrickleSenderOptions) {
    this.#options = options;
  }

  /** An INFO may leave: the dialog is there at both ends. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Something happened to the INVITE. */
  handle(event: TrickleEvent): void {
    if (this.#isOpen || !trickleGate[this.#options.role].has(event)) return;
    this.#isOpen = true;
    this.update();
  }

  /** There may be something new to say. */
  update(): void {
    if (!this.#isOpen || this.#isStopped || this.#isSending || this.#isComplete) return;
    this.#stopTimer ??= this.#options.clock.after(this.#options.burstMs ?? 20, () => {
      this.#stopTimer = undefined;
      this.#send();
    });
  }

  /** A new ICE generation: what was said counts no more, and there is a new end (RFC 8838 17). */
  restart(): void {
    this.#said = undefined;
    this.#isComplete = false;
    this.#tries = 0;
    this.update();
  }

  /** The dialog is over, or nothing trickles in it. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #send(): void {
    const fragment = this.#options.readFragment();
    if (fragment === undefined || this.#isStopped || isSame(fragment.octets, this.#said)) return;
    this.#isSending = true;
    this.#tries += 1;
    this.#said = fragment.octets;
    let hasEnded = false;
    this.#options.send(fragment.octets, (outcome) => {
      if (hasEnded) return;
      hasEnded = true;
      this.#onEnd(fragment, outcome);
    });
  }

  #onEnd({ octets, isLast }: TrickleFragment, outcome: TrickleOutcome): void {
    this.#isSending = false;
    if (outcome === 'refused') {
      this.stop();
      return;
    }
    // A restart meanwhile has other things to say.
    const isCurrent = isSame(octets, this.#said);
    // What fails again and again waits for more to say, or for a restart.
    if (outcome === 'taken' || this.#tries >= maxTries) this.#tries = 0;
    else if (isCurrent) this.#said = undefined;
    this.#isComplete = outcome === 'taken' && isLast && isCurrent;
    this.update();
  }
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other?.length === one.length && one.every((octet, at) => octet === other[at]);
}

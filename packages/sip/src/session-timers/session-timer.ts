/**
 * The session timer of one dialog: tells when to refresh, and when to give up (RFC 4028 7.2, 10).
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from '../transactions/machine.ts';
import type { SessionInterval } from './session-interval.ts';

/** Off without an agreed interval. */
export type SessionTimerState = 'off' | 'running' | 'expired';
type Event = 'agreed' | 'stopped' | 'refresh due' | 'end due';
type Action = 'arm' | 'rearm' | 'refresh' | 'expire';

/** Platforms count milliseconds in 31 bits: what is said to last longer than 24 days lasts 24 days. */
const maxSeconds = 2_147_483;

/** RFC 4028 10 as a table. */
export const sessionTimerTable: MachineTable<SessionTimerState, Event, Action> = {
  transitions: {
    off: { agreed: ['running', 'arm'] },
    running: {
      'agreed': ['running', 'arm'],
      'stopped': ['off'],
      'refresh due': ['running', 'rearm', 'refresh'],
      'end due': ['expired', 'expire'],
    },
    expired: {},
  },
  timers: { off: [], running: ['refresh due', 'end due'], expired: [] },
};

/** What a {@link SessionTimer} starts with. */
export interface SessionTimerOptions {
  readonly clock: Clock;
  /**
   * Half of the interval is over, and this end refreshes: send an UPDATE or a re-INVITE. It comes a few times more while
   * none succeeds (RFC 4028 10).
   */
  readonly onRefresh: () => void;
  /** No refresh came, or ours got no 2xx: send BYE. */
  readonly onExpired: () => void;
}

/**
 * The two timers of a session: when this end refreshes, and when it gives up. They run from one {@link agree} to the
 * next.
 */
export class SessionTimer {
  static readonly #actions: Actions<Action, SessionTimer, never> = {
    arm: (self) => self.#arm(),
    rearm: (self) => self.#rearm(),
    refresh: (self) => self.#options.onRefresh(),
    expire: (self) => self.#options.onExpired(),
  };
  readonly #options: SessionTimerOptions;
  readonly #machine: Machine<SessionTimerState, Event, Action, SessionTimer, never>;
  #interval: SessionInterval | undefined;

  constructor(options: SessionTimerOptions) {
    this.#options = options;
    const start: MachineStart<SessionTimerState, SessionTimer> = { owner: this, initial: 'off', clock: options.clock };
    this.#machine = new Machine(sessionTimerTable, SessionTimer.#actions, start);
  }

  get state(): SessionTimerState {
    return this.#machine.state;
  }

  /** What is in force; undefined while there is no timer. */
  get interval(): SessionInterval | undefined {
    return this.#machine.state === 'running' ? this.#interval : undefined;
  }

  /** A 2xx went out or came in with `interval`, or without one: each starts anew (7.2). */
  agree(interval: SessionInterval | undefined): void {
    // What is left of the last interval belongs to it.
    this.stop();
    this.#interval = interval;
    if (interval !== undefined) this.#machine.handle('agreed');
  }

  /** The session is over. */
  stop(): void {
    this.#machine.handle('stopped');
  }

  #arm(): void {
    if (this.#interval?.refreshes === true) this.#machine.start('refresh due', refreshMs(this.#interval));
    if (this.#interval !== undefined) this.#machine.start('end due', endMs(this.#interval));
  }

  /** In quarters of what is left until the end. */
  #rearm(): void {
    if (this.#interval === undefined) return;
    this.#machine.start('refresh due', (endMs(this.#interval) - refreshMs(this.#interval)) / 4);
  }
}

function refreshMs({ seconds }: SessionInterval): number {
  return 500 * Math.min(seconds, maxSeconds);
}

/** RFC 4028 10: the lesser of 32 s and a third before the end. */
function endMs({ seconds }: SessionInterval): number {
  const bounded = Math.min(seconds, maxSeconds);
  return 1_000 * (bounded - Math.min(32, bounded / 3));
}

/**
 * Brings one flow back, again and again (RFC 5626 4.5).
 *
 * @module
 */
import type { Clock } from '../transactions/clock.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from '../transactions/machine.ts';
import { flowRecoveryDelayMs } from './flow-recovery-delay.ts';

/** `stable` after two minutes without a failure; `stopped` for good. */
export type FlowRecoveryState = 'idle' | 'waiting' | 'connecting' | 'up' | 'stable' | 'stopped';
type Event = 'start' | 'failed' | 'registered' | 'hurry' | 'stop' | 'timer retry' | 'timer connect' | 'timer stable';
type Action = 'connect' | 'count' | 'wait' | 'prove' | 'reset';

/** A flow that stood long enough is tried again at once; one that fails before counts as a failure. */
export const flowRecoveryTable: MachineTable<FlowRecoveryState, Event, Action> = {
  transitions: {
    idle: { 'start': ['connecting', 'connect'], 'stop': ['stopped'] },
    connecting: {
      'registered': ['up', 'prove'],
      'failed': ['waiting', 'count', 'wait'],
      'timer connect': ['waiting', 'count', 'wait'],
      'stop': ['stopped'],
    },
    up: { 'timer stable': ['stable', 'reset'], 'failed': ['waiting', 'count', 'wait'], 'stop': ['stopped'] },
    stable: { 'failed': ['waiting', 'wait'], 'stop': ['stopped'] },
    waiting: {
      'timer retry': ['connecting', 'connect'],
      'hurry': ['connecting', 'connect'],
      // It took its time, and stands after all.
      'registered': ['up', 'prove'],
      'stop': ['stopped'],
    },
    stopped: {},
  },
  timers: {
    idle: [],
    waiting: ['timer retry'],
    connecting: ['timer connect'],
    up: ['timer stable'],
    stable: [],
    stopped: [],
  },
};

/** How a flow is tried, and what decides how long to wait. */
export interface FlowRecoveryOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Whether the other flows of this user agent are down too. */
  readonly areOthersDown: () => boolean;
  /**
   * Opens the flow and registers over it; {@link FlowRecovery.registered} or {@link FlowRecovery.failed} follows. Three
   * minutes without either count as a failure.
   */
  readonly connect: () => void;
}

/** A connection, a challenge or two, and an answer: none of them takes longer than 64*T1. */
const connectMs = 180_000;
/** How long a flow must stand before its failures are forgotten: one that dies at once is no success. */
const stableMs = 120_000;

/** Tries one flow until it stands or {@link FlowRecovery.stop} ends it, with the timers. */
export class FlowRecovery {
  static readonly #actions: Actions<Action, FlowRecovery, undefined> = {
    'connect': (self) => {
      self.#machine.start('timer connect', connectMs);
      self.#options.connect();
    },
    'count': (self) => {
      self.#failures += 1;
    },
    'wait': (self) => self.#wait(),
    'prove': (self) => self.#machine.start('timer stable', stableMs),
    'reset': (self) => {
      self.#failures = 0;
    },
  };
  readonly #options: FlowRecoveryOptions;
  readonly #machine: Machine<FlowRecoveryState, Event, Action, FlowRecovery, undefined>;
  #failures = 0;

  constructor(options: FlowRecoveryOptions) {
    this.#options = options;
    const start: MachineStart<FlowRecoveryState, FlowRecovery> = { owner: this, initial: 'idle', clock: options.clock };
    this.#machine = new Machine(flowRecoveryTable, FlowRecovery.#actions, start);
  }

  get state(): FlowRecoveryState {
    return this.#machine.state;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** The first try. */
  start(): void {
    this.#machine.handle('start');
  }

  /** The flow stands and is registered. */
  registered(): void {
    this.#machine.handle('registered');
  }

  /** It did not open, the registration over it failed, it broke, or its keep-alive was not answered. */
  failed(): void {
    this.#machine.handle('failed');
  }

  /** Tries at once instead of waiting on, as when the network has come back. */
  hurry(): void {
    this.#machine.handle('hurry');
  }

  stop(): void {
    this.#machine.handle('stop');
  }

  #wait(): void {
    const { random, areOthersDown } = this.#options;
    const delayMs = flowRecoveryDelayMs({ failures: this.#failures, allFailed: areOthersDown() }, random);
    this.#machine.start('timer retry', delayMs);
  }
}

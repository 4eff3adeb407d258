/**
 * One provisional response that is repeated until its PRACK comes, over reliable transports too (RFC 3262 3).
 *
 * @module
 */
import type { SipResponse } from '../messages/message.ts';
import type { Clock } from '../transactions/clock.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from '../transactions/machine.ts';
import { T1 } from '../transactions/timers.ts';

export type ReliableResponseState = 'repeating' | 'silent' | 'acknowledged' | 'abandoned';
type Event = 'PRACK' | 'final' | 'repeat due' | 'patience ends';
type Action = 'send' | 'start repeat' | 'inform timeout';

/** After the final response nothing is repeated, but a PRACK still fits (RFC 3262 3). */
export const reliableResponseTable: MachineTable<ReliableResponseState, Event, Action> = {
  transitions: {
    repeating: {
      'repeat due': ['repeating', 'send', 'start repeat'],
      'patience ends': ['abandoned', 'inform timeout'],
      'PRACK': ['acknowledged'],
      'final': ['silent'],
    },
    silent: { PRACK: ['acknowledged'] },
    acknowledged: {},
    abandoned: {},
  },
  timers: { repeating: ['repeat due', 'patience ends'], silent: [], acknowledged: [], abandoned: [] },
};

export interface ReliableResponseHost {
  readonly clock: Clock;
  readonly send: (response: SipResponse) => void;
  /** No PRACK in 64*T1. */
  readonly onTimeout: () => void;
}

export class ReliableResponse {
  static readonly #actions: Actions<Action, ReliableResponse, never> = {
    'send': (self) => self.#host.send(self.response),
    'start repeat': (self) => self.#startRepeat(),
    'inform timeout': (self) => self.#host.onTimeout(),
  };
  readonly rseq: number;
  readonly response: SipResponse;
  readonly #host: ReliableResponseHost;
  readonly #machine: Machine<ReliableResponseState, Event, Action, ReliableResponse, never>;
  #interval = T1;

  /** Sends `response`, which has its RSeq. */
  constructor(rseq: number, response: SipResponse, host: ReliableResponseHost) {
    this.rseq = rseq;
    this.response = response;
    this.#host = host;
    const start: MachineStart<ReliableResponseState, ReliableResponse> = {
      owner: this,
      initial: 'repeating',
      clock: host.clock,
    };
    this.#machine = new Machine(reliableResponseTable, ReliableResponse.#actions, start);
    this.#startRepeat();
    this.#machine.start('patience ends', 64 * T1);
    host.send(response);
  }

  get state(): ReliableResponseState {
    return this.#machine.state;
  }

  acknowledge(): void {
    this.#machine.handle('PRACK');
  }

  /** The final response has gone out. */
  silence(): void {
    this.#machine.handle('final');
  }

  /** Doubles without bound: T2 plays no part (RFC 3262 3). */
  #startRepeat(): void {
    this.#machine.start('repeat due', this.#interval);
    this.#interval *= 2;
  }
}

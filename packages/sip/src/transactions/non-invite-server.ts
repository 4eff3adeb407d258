/**
 * Non-INVITE server transaction (RFC 3261 17.2.2, figure 8; amended by RFC 4320 4).
 *
 * @module
 */
import { ResponseOutOfTurn, type SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { createTrying } from './create-trying.ts';
import { asSipError } from './invite-client.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from './machine.ts';
import { T1 } from './timers.ts';
import type { ServerEvent, ServerTransactionHost } from './transaction-host.ts';

export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';
type Timer = 'timer 100' | 'timer J' | 'expiry';
type Event = 'request' | '1xx' | '200-699' | Timer | 'transport error';
type Action = 'send' | 'sendTrying' | 'inform' | 'start J' | 'start expiry' | 'forget';

/**
 * Figure 8, with what RFC 4320 adds to it: 100 goes out by itself, late enough not to slow repetitions down (4.1), and
 * when the client has given up nothing is sent any more, not even 408 (4.2).
 */
export const nonInviteServerTable: MachineTable<NonInviteServerState, Event, Action> = {
  transitions: {
    trying: {
      '1xx': ['proceeding', 'send', 'start expiry'],
      '200-699': ['completed', 'send', 'start J'],
      'timer 100': ['proceeding', 'sendTrying', 'start expiry'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    proceeding: {
      'request': ['proceeding', 'send'],
      '1xx': ['proceeding', 'send'],
      '200-699': ['completed', 'send', 'start J'],
      'expiry': ['terminated', 'forget'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    completed: {
      'request': ['completed', 'send'],
      'timer J': ['terminated', 'forget'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    terminated: {},
  },
  timers: { trying: ['timer 100'], proceeding: ['expiry'], completed: ['timer J'], terminated: [] },
};

/** Until timer E of the client has come to T2: after T1, 2*T1 and 4*T1 (RFC 4320 4.1). */
const timer100 = 7 * T1;

export class NonInviteServerTransaction {
  static readonly #actions: Actions<Action, NonInviteServerTransaction, ServerEvent> = {
    'send': (self) => self.#send(),
    'sendTrying': (self) => self.#sendTrying(),
    'inform': (self, event) => event !== undefined && self.#host.inform(event),
    'start J': (self) => self.#machine.start('timer J', self.#host.reliable ? 0 : 64 * T1),
    'start expiry': (self) => self.#machine.start('expiry', self.#leftMs()),
    'forget': (self) => self.#host.forget(),
  };
  readonly request: SipRequest;
  readonly #host: ServerTransactionHost;
  readonly #machine: Machine<NonInviteServerState, Event, Action, NonInviteServerTransaction, ServerEvent>;
  readonly #startedAt: number;
  #response: SipResponse | undefined;

  constructor(request: SipRequest, host: ServerTransactionHost) {
    this.request = request;
    this.#host = host;
    this.#startedAt = host.clock.now();
    const start: MachineStart<NonInviteServerState, NonInviteServerTransaction> = {
      owner: this,
      initial: 'trying',
      clock: host.clock,
    };
    this.#machine = new Machine(nonInviteServerTable, NonInviteServerTransaction.#actions, start);
    this.#machine.start('timer 100', timer100);
  }

  get state(): NonInviteServerState {
    return this.#machine.state;
  }

  /** The last response that was sent. */
  get response(): SipResponse | undefined {
    return this.#response;
  }

  /**
   * Sends `response`, or drops it where nobody waits for it: the flow has gone before any final one, the client has
   * given up, it is a 100 that RFC 4320 4.1 has no place for yet, or a 408, which tells a client that has given up
   * nothing and is never sent (4.2).
   *
   * @throws {ResponseOutOfTurn} a final response has gone out before.
   * @throws {TypeError} a provisional one other than 100 (RFC 4320 4.1).
   */
  respond(response: SipResponse): void {
    const { statusCode } = response;
    if (statusCode > 100 && statusCode < 200) throw new TypeError('expected no provisional response but 100');
    if (statusCode === 408) return;
    const event = statusCode < 200 ? '1xx' : '200-699';
    const { state } = this.#machine;
    if (state === 'terminated' && (this.#response?.statusCode ?? 100) < 200) return;
    if (state === 'trying' && event === '1xx' && !this.#host.reliable) return;
    if (!this.#machine.accepts(event)) throw new ResponseOutOfTurn(event, state);
    this.#response = response;
    this.#machine.handle(event);
  }

  /** A retransmission of the request. */
  receive(): void {
    this.#machine.handle('request');
  }

  /** The flow is gone. */
  fail(error: SipError): void {
    this.#machine.handle('transport error', { type: 'transport error', error });
  }

  /** The connection is gone. */
  close(error: SipError): void {
    this.fail(error);
  }

  /** Until the client gives up. A clock that is set back does not make that later. */
  #leftMs(): number {
    return Math.min(64 * T1, this.#startedAt + 64 * T1 - this.#host.clock.now());
  }

  #sendTrying(): void {
    this.#response = createTrying(this.request);
    this.#send();
  }

  #send(): void {
    if (this.#response === undefined) return;
    this.#host.send(this.#response).catch((error: unknown) => this.fail(asSipError(error)));
  }
}

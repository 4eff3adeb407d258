/**
 * Non-INVITE client transaction (RFC 3261 17.1.2, figure 6).
 *
 * @module
 */
import type { SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { asSipError } from './invite-client.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from './machine.ts';
import { T1, T2, T4 } from './timers.ts';
import type { ClientEvent, ClientTransactionHost } from './transaction-host.ts';

export type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';
type Event = '1xx' | '200-699' | 'timer E' | 'timer F' | 'timer K' | 'transport error';
type Action = 'send' | 'inform' | 'inform timeout' | 'start E' | 'start K' | 'forget';

/** Figure 6. */
export const nonInviteClientTable: MachineTable<NonInviteClientState, Event, Action> = {
  transitions: {
    trying: {
      'timer E': ['trying', 'send', 'start E'],
      'timer F': ['terminated', 'forget', 'inform timeout'],
      'transport error': ['terminated', 'forget', 'inform'],
      '1xx': ['proceeding', 'inform'],
      '200-699': ['completed', 'start K', 'inform'],
    },
    proceeding: {
      'timer E': ['proceeding', 'send', 'start E'],
      'timer F': ['terminated', 'forget', 'inform timeout'],
      'transport error': ['terminated', 'forget', 'inform'],
      '1xx': ['proceeding', 'inform'],
      '200-699': ['completed', 'start K', 'inform'],
    },
    completed: { 'timer K': ['terminated', 'forget'] },
    terminated: {},
  },
  timers: {
    trying: ['timer E', 'timer F'],
    proceeding: ['timer E', 'timer F'],
    completed: ['timer K'],
    terminated: [],
  },
};

export class NonInviteClientTransaction {
  static readonly #actions: Actions<Action, NonInviteClientTransaction, ClientEvent> = {
    'send': (self) => self.#send(),
    'inform': (self, event) => event !== undefined && self.#host.inform(event),
    'inform timeout': (self) => self.#host.inform({ type: 'timeout' }),
    'start E': (self) => self.#startE(),
    'start K': (self) => self.#machine.start('timer K', self.#host.reliable ? 0 : T4),
    'forget': (self) => self.#host.forget(),
  };
  readonly request: SipRequest;
  readonly #host: ClientTransactionHost;
  readonly #machine: Machine<NonInviteClientState, Event, Action, NonInviteClientTransaction, ClientEvent>;
  #intervalE = T1;

  /** Sends `request`, whose top Via is this transaction's. */
  constructor(request: SipRequest, host: ClientTransactionHost) {
    this.request = request;
    this.#host = host;
    const start: MachineStart<NonInviteClientState, NonInviteClientTransaction> = {
      owner: this,
      initial: 'trying',
      clock: host.clock,
    };
    this.#machine = new Machine(nonInviteClientTable, NonInviteClientTransaction.#actions, start);
    this.#startE();
    this.#machine.start('timer F', 64 * T1);
    this.#send();
  }

  get state(): NonInviteClientState {
    return this.#machine.state;
  }

  receive(response: SipResponse): void {
    this.#machine.handle(response.statusCode < 200 ? '1xx' : '200-699', { type: 'response', response });
  }

  /** The flow is gone. */
  fail(error: SipError): void {
    this.#machine.handle('transport error', { type: 'transport error', error });
  }

  /** T1, doubling up to T2; T2 at once when proceeding (17.1.2.2). */
  #startE(): void {
    if (this.#host.reliable) return;
    const interval = this.#machine.state === 'proceeding' ? T2 : this.#intervalE;
    this.#machine.start('timer E', interval);
    this.#intervalE = Math.min(2 * this.#intervalE, T2);
  }

  #send(): void {
    this.#host.send(this.request).catch((error: unknown) => this.fail(asSipError(error)));
  }
}

/**
 * INVITE server transaction (RFC 3261 17.2.1, corrected by RFC 6026 7.1).
 *
 * CANCEL is a transaction of its own (RFC 3261 9.2) and has no row.
 *
 * @module
 */
import { ResponseOutOfTurn, type SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { createTrying } from './create-trying.ts';
import { asSipError } from './invite-client.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from './machine.ts';
import { type ResponseClass, responseClassOf } from './response-class.ts';
import { T1, T2, T4 } from './timers.ts';
import type { ServerEvent, ServerTransactionHost } from './transaction-host.ts';

export type InviteServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';
type Timer = 'timer 100' | 'timer G' | 'timer H' | 'timer I' | 'timer L';
type Event = ResponseClass | 'INVITE' | 'ACK' | Timer | 'transport error' | 'connection closed';
type Action =
  | ('send' | 'sendTrying' | 'inform' | 'inform timeout' | 'forget')
  | ('start G' | 'start H' | 'start I' | 'start L');

/**
 * The figure of RFC 6026 7.1. ACK in state accepted never comes here: the layer hands it to the user. A transport error
 * ends nothing, so that retransmissions of the INVITE are still absorbed. Beyond the figure: on a connection that is
 * closed nobody waits for an ACK any more.
 */
export const inviteServerTable: MachineTable<InviteServerState, Event, Action> = {
  transitions: {
    proceeding: {
      'INVITE': ['proceeding', 'send'],
      'timer 100': ['proceeding', 'sendTrying'],
      '1xx': ['proceeding', 'send'],
      '2xx': ['accepted', 'send', 'start L'],
      '300-699': ['completed', 'send', 'start G', 'start H'],
      'transport error': ['proceeding', 'inform'],
    },
    accepted: {
      '2xx': ['accepted', 'send'],
      'timer L': ['terminated', 'forget'],
      'transport error': ['accepted', 'inform'],
    },
    completed: {
      'INVITE': ['completed', 'send'],
      'ACK': ['confirmed', 'start I'],
      'timer G': ['completed', 'send', 'start G'],
      'timer H': ['terminated', 'forget', 'inform timeout'],
      'transport error': ['completed', 'inform'],
      'connection closed': ['terminated', 'forget'],
    },
    confirmed: { 'timer I': ['terminated', 'forget'], 'connection closed': ['terminated', 'forget'] },
    terminated: {},
  },
  timers: {
    proceeding: ['timer 100'],
    accepted: ['timer L'],
    completed: ['timer G', 'timer H'],
    confirmed: ['timer I'],
    terminated: [],
  },
};

/** 100 goes out unless the user responds within this time (17.2.1). */
const timer100 = 200;

export class InviteServerTransaction {
  static readonly #actions: Actions<Action, InviteServerTransaction, ServerEvent> = {
    'send': (self) => self.#send(),
    'sendTrying': (self) => self.#sendTrying(),
    'inform': (self, event) => event !== undefined && self.#host.inform(event),
    'inform timeout': (self) => self.#host.inform({ type: 'timeout' }),
    'start G': (self) => self.#startG(),
    'start H': (self) => self.#machine.start('timer H', 64 * T1),
    'start I': (self) => self.#machine.start('timer I', self.#host.reliable ? 0 : T4),
    'start L': (self) => self.#machine.start('timer L', 64 * T1),
    'forget': (self) => self.#host.forget(),
  };
  readonly request: SipRequest;
  readonly #host: ServerTransactionHost;
  readonly #machine: Machine<InviteServerState, Event, Action, InviteServerTransaction, ServerEvent>;
  #response: SipResponse | undefined;
  #intervalG = T1;

  constructor(request: SipRequest, host: ServerTransactionHost) {
    this.request = request;
    this.#host = host;
    const start: MachineStart<InviteServerState, InviteServerTransaction> = {
      owner: this,
      initial: 'proceeding',
      clock: host.clock,
    };
    this.#machine = new Machine(inviteServerTable, InviteServerTransaction.#actions, start);
    this.#machine.start('timer 100', timer100);
  }

  get state(): InviteServerState {
    return this.#machine.state;
  }

  /** The last response that was sent. */
  get response(): SipResponse | undefined {
    return this.#response;
  }

  /** @throws {ResponseOutOfTurn} a final response has gone out before. */
  respond(response: SipResponse): void {
    const event = responseClassOf(response.statusCode);
    if (!this.#machine.accepts(event)) throw new ResponseOutOfTurn(event, this.#machine.state);
    this.#response = response;
    this.#machine.handle(event);
  }

  /** A retransmission of the INVITE, or the ACK for a final response other than 2xx. */
  receive(request: SipRequest): void {
    this.#machine.handle(request.method === 'ACK' ? 'ACK' : 'INVITE');
  }

  /** A response could not be sent. */
  fail(error: SipError): void {
    this.#machine.handle('transport error', { type: 'transport error', error });
  }

  /** The connection is gone. */
  close(error: SipError): void {
    this.fail(error);
    this.#machine.handle('connection closed');
  }

  #startG(): void {
    if (this.#host.reliable) return;
    this.#machine.start('timer G', this.#intervalG);
    this.#intervalG = Math.min(2 * this.#intervalG, T2);
  }

  /** Unless the user was faster. */
  #sendTrying(): void {
    if (this.#response !== undefined) return;
    this.#response = createTrying(this.request);
    this.#send();
  }

  #send(): void {
    if (this.#response === undefined) return;
    this.#host.send(this.#response).catch((error: unknown) => this.fail(asSipError(error)));
  }
}

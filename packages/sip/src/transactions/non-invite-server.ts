/**
 * Non-INVITE server transaction (RFC 3261 17.2.2, figure 8).
 *
 * @module
 */
import { ResponseOutOfTurn, type SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { asSipError } from './invite-client.ts';
import { Machine, type MachineTable } from './machine.ts';
import { T1 } from './timers.ts';
import type { ServerEvent, ServerTransactionHost } from './transaction-host.ts';

export type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';
type Event = 'request' | '1xx' | '200-699' | 'timer J' | 'transport error';
type Action = 'send' | 'inform' | 'start J' | 'forget';

/** Figure 8. */
export const nonInviteServerTable: MachineTable<NonInviteServerState, Event, Action> = {
  transitions: {
    trying: {
      '1xx': ['proceeding', 'send'],
      '200-699': ['completed', 'send', 'start J'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    proceeding: {
      'request': ['proceeding', 'send'],
      '1xx': ['proceeding', 'send'],
      '200-699': ['completed', 'send', 'start J'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    completed: {
      'request': ['completed', 'send'],
      'timer J': ['terminated', 'forget'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    terminated: {},
  },
  timers: { trying: [], proceeding: [], completed: ['timer J'], terminated: [] },
};

export class NonInviteServerTransaction {
  readonly request: SipRequest;
  readonly #host: ServerTransactionHost;
  readonly #machine: Machine<NonInviteServerState, Event, Action, ServerEvent>;
  #response: SipResponse | undefined;

  constructor(request: SipRequest, host: ServerTransactionHost) {
    this.request = request;
    this.#host = host;
    this.#machine = new Machine(nonInviteServerTable, 'trying', host.clock, {
      'send': () => this.#send(),
      'inform': (event) => event !== undefined && host.inform(event),
      'start J': () => this.#machine.start('timer J', host.reliable ? 0 : 64 * T1),
      'forget': () => host.forget(),
    });
  }

  get state(): NonInviteServerState {
    return this.#machine.state;
  }

  /** The last response that was sent. */
  get response(): SipResponse | undefined {
    return this.#response;
  }

  /**
   * Sends `response`, or drops it where the flow has gone before any final one.
   *
   * @throws {ResponseOutOfTurn} a final response has gone out before.
   */
  respond(response: SipResponse): void {
    const event = response.statusCode < 200 ? '1xx' : '200-699';
    const isCutOff = this.#machine.state === 'terminated' && (this.#response?.statusCode ?? 100) < 200;
    if (isCutOff) return;
    if (!this.#machine.accepts(event)) throw new ResponseOutOfTurn(event, this.#machine.state);
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

  #send(): void {
    if (this.#response === undefined) return;
    this.#host.send(this.#response).catch((error: unknown) => this.fail(asSipError(error)));
  }
}

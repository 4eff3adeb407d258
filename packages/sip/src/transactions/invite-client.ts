/**
 * INVITE client transaction (RFC 3261 17.1.1, corrected by RFC 6026 7.2).
 *
 * @module
 */
import { SipError, TransportFailed } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipRequest, type SipResponse } from '../messages/message.ts';
import { type Actions, Machine, type MachineStart, type MachineTable } from './machine.ts';
import { type ResponseClass, responseClassOf } from './response-class.ts';
import { T1 } from './timers.ts';
import type { ClientEvent, InviteClientHost } from './transaction-host.ts';

export type InviteClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
type Timer = 'timer A' | 'timer B' | 'timer D' | 'timer M' | 'timer CANCEL';
type Event = ResponseClass | 'CANCEL' | Timer | 'transport error';
type Action =
  | ('send' | 'sendAck' | 'inform' | 'inform timeout' | 'forget')
  | ('hold CANCEL' | 'release CANCEL' | 'send CANCEL')
  | ('start A' | 'start D' | 'start M');

/**
 * The figure of RFC 6026 7.2. Its state proceeding has no row for a transport error, as nothing is sent in it; here a
 * flow may also end by itself, and no response comes by another way.
 *
 * CANCEL is RFC 3261 9.1: it waits for a provisional response, and when nothing final has come 64*T1 after it went
 * out, the INVITE has ended. A CANCEL is too late once a final response is here.
 */
export const inviteClientTable: MachineTable<InviteClientState, Event, Action> = {
  transitions: {
    calling: {
      'timer A': ['calling', 'send', 'start A'],
      'timer B': ['terminated', 'forget', 'inform timeout'],
      'transport error': ['terminated', 'forget', 'inform'],
      '1xx': ['proceeding', 'inform', 'release CANCEL'],
      '2xx': ['accepted', 'start M', 'inform'],
      '300-699': ['completed', 'sendAck', 'start D', 'inform'],
      'CANCEL': ['calling', 'hold CANCEL'],
    },
    proceeding: {
      'CANCEL': ['proceeding', 'send CANCEL'],
      'timer CANCEL': ['terminated', 'forget', 'inform timeout'],
      'transport error': ['terminated', 'forget', 'inform'],
      '1xx': ['proceeding', 'inform'],
      '2xx': ['accepted', 'start M', 'inform'],
      '300-699': ['completed', 'sendAck', 'start D', 'inform'],
    },
    accepted: {
      '2xx': ['accepted', 'inform'],
      'timer M': ['terminated', 'forget'],
    },
    completed: {
      '300-699': ['completed', 'sendAck'],
      'timer D': ['terminated', 'forget'],
      'transport error': ['terminated', 'forget', 'inform'],
    },
    terminated: {},
  },
  timers: {
    calling: ['timer A', 'timer B'],
    proceeding: ['timer CANCEL'],
    accepted: ['timer M'],
    completed: ['timer D'],
    terminated: [],
  },
};

/** Longer than 32 s for unreliable transports (RFC 3261 17.1.1.2). */
const timerD = 32_000;

export class InviteClientTransaction {
  static readonly #actions: Actions<Action, InviteClientTransaction, ClientEvent> = {
    'send': (self) => self.#send(self.request),
    'sendAck': (self, event) =>
      event?.type === 'response' && self.#send(createNegativeAck(self.request, event.response)),
    'inform': (self, event) => event !== undefined && self.#host.inform(event),
    'inform timeout': (self) => self.#host.inform({ type: 'timeout' }),
    'hold CANCEL': (self) => self.#hold(),
    'release CANCEL': (self) => self.#cancel === 'held' && self.#sendCancel(),
    'send CANCEL': (self) => self.#cancel === 'none' && self.#sendCancel(),
    'start A': (self) => self.#startA(),
    'start D': (self) => self.#machine.start('timer D', self.#host.reliable ? 0 : timerD),
    'start M': (self) => self.#machine.start('timer M', 64 * T1),
    'forget': (self) => self.#host.forget(),
  };
  readonly request: SipRequest;
  readonly #host: InviteClientHost;
  readonly #machine: Machine<InviteClientState, Event, Action, InviteClientTransaction, ClientEvent>;
  #intervalA = T1;
  #cancel: 'none' | 'held' | 'sent' = 'none';

  /** Sends `request`, whose top Via is this transaction's. */
  constructor(request: SipRequest, host: InviteClientHost) {
    this.request = request;
    this.#host = host;
    const start: MachineStart<InviteClientState, InviteClientTransaction> = {
      owner: this,
      initial: 'calling',
      clock: host.clock,
    };
    this.#machine = new Machine(inviteClientTable, InviteClientTransaction.#actions, start);
    this.#startA();
    this.#machine.start('timer B', 64 * T1);
    this.#send(request);
  }

  get state(): InviteClientState {
    return this.#machine.state;
  }

  receive(response: SipResponse): void {
    this.#machine.handle(responseClassOf(response.statusCode), { type: 'response', response });
  }

  /** Has the CANCEL sent as soon as it may go, once; never where a final response is here (RFC 3261 9.1). */
  cancel(): void {
    this.#machine.handle('CANCEL');
  }

  /** The flow is gone. */
  fail(error: SipError): void {
    this.#machine.handle('transport error', { type: 'transport error', error });
  }

  #startA(): void {
    if (this.#host.reliable) return;
    this.#machine.start('timer A', this.#intervalA);
    this.#intervalA *= 2;
  }

  #hold(): void {
    this.#cancel = 'held';
  }

  #sendCancel(): void {
    this.#cancel = 'sent';
    this.#machine.start('timer CANCEL', 64 * T1);
    this.#host.sendCancel();
  }

  #send(request: SipRequest): void {
    this.#host.send(request).catch((error: unknown) => this.fail(asSipError(error)));
  }
}

/** The ACK for a final response other than 2xx (RFC 3261 17.1.1.3). */
export function createNegativeAck(invite: SipRequest, response: SipResponse): SipRequest {
  const { headers } = invite;
  const routes = headers.all('Route').map((route): [string, string] => ['Route', route]);
  return {
    method: 'ACK',
    requestUri: invite.requestUri,
    headers: Headers.of(
      ['Via', headers.first('Via') ?? ''],
      ['Max-Forwards', '70'],
      ...routes,
      ['From', headers.first('From') ?? ''],
      ['To', response.headers.first('To') ?? ''],
      ['Call-ID', headers.first('Call-ID') ?? ''],
      ['CSeq', `${parseCSeq(headers.first('CSeq') ?? '').number} ACK`],
    ),
    body: noBody,
  };
}

/** Whatever a flow rejects with, as an error of this stack. */
export function asSipError(error: unknown): SipError {
  return error instanceof SipError ? error : new TransportFailed('the message could not be sent', { cause: error });
}

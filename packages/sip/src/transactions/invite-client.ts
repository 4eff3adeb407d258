/**
 * INVITE client transaction (RFC 3261 17.1.1, corrected by RFC 6026 7.2).
 *
 * @module
 */
import { SipError, TransportFailed } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import { Headers } from '../headers/headers.ts';
import { noBody, type SipRequest, type SipResponse } from '../messages/message.ts';
import { Machine, type MachineTable } from './machine.ts';
import { type ResponseClass, responseClassOf } from './response-class.ts';
import { T1 } from './timers.ts';
import type { ClientEvent, ClientTransactionHost } from './transaction-host.ts';

export type InviteClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';
type Event = ResponseClass | 'timer A' | 'timer B' | 'timer D' | 'timer M' | 'transport error';
type Action = 'send' | 'sendAck' | 'inform' | 'inform timeout' | 'start A' | 'start D' | 'start M' | 'forget';

/**
 * The figure of RFC 6026 7.2. Its state proceeding has no row for a transport error, as nothing is sent in it; here a
 * flow may also end by itself, and no response comes by another way.
 */
export const inviteClientTable: MachineTable<InviteClientState, Event, Action> = {
  transitions: {
    calling: {
      'timer A': ['calling', 'send', 'start A'],
      'timer B': ['terminated', 'forget', 'inform timeout'],
      'transport error': ['terminated', 'forget', 'inform'],
      '1xx': ['proceeding', 'inform'],
      '2xx': ['accepted', 'start M', 'inform'],
      '300-699': ['completed', 'sendAck', 'start D', 'inform'],
    },
    proceeding: {
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
    proceeding: [],
    accepted: ['timer M'],
    completed: ['timer D'],
    terminated: [],
  },
};

/** Longer than 32 s for unreliable transports (RFC 3261 17.1.1.2). */
const timerD = 32_000;

export class InviteClientTransaction {
  readonly request: SipRequest;
  readonly #host: ClientTransactionHost;
  readonly #machine: Machine<InviteClientState, Event, Action, ClientEvent>;
  #intervalA = T1;

  /** Sends `request`, whose top Via is this transaction's. */
  constructor(request: SipRequest, host: ClientTransactionHost) {
    this.request = request;
    this.#host = host;
    this.#machine = new Machine(inviteClientTable, 'calling', host.clock, {
      'send': () => this.#send(request),
      'sendAck': (event) => this.#sendAck(event),
      'inform': (event) => event !== undefined && host.inform(event),
      'inform timeout': () => host.inform({ type: 'timeout' }),
      'start A': () => this.#startA(),
      'start D': () => this.#machine.start('timer D', host.reliable ? 0 : timerD),
      'start M': () => this.#machine.start('timer M', 64 * T1),
      'forget': () => host.forget(),
    });
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

  /** The flow is gone. */
  fail(error: SipError): void {
    this.#machine.handle('transport error', { type: 'transport error', error });
  }

  #startA(): void {
    if (this.#host.reliable) return;
    this.#machine.start('timer A', this.#intervalA);
    this.#intervalA *= 2;
  }

  #sendAck(event: ClientEvent | undefined): void {
    if (event?.type === 'response') this.#send(createNegativeAck(this.request, event.response));
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

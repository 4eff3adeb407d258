/**
 * A server transaction where it lives: on its flow, in the table of the layer.
 *
 * @module
 */
import type { SipError } from '../errors.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import type { Clock } from './clock.ts';
import type { Flow } from './flow.ts';
import { InviteServerTransaction } from './invite-server.ts';
import { NonInviteServerTransaction } from './non-invite-server.ts';
import type { ServerEvent, ServerTransactionHost } from './transaction-host.ts';
import type { TransactionTable } from './transaction-table.ts';

/** The user's side of a server transaction. */
export interface ServerTransaction<F extends Flow = Flow> {
  readonly request: SipRequest;
  readonly flow: F;
  /** The last response that was sent. */
  readonly response: SipResponse | undefined;
  /**
   * Sends `response`, or drops it where the flow or the client's patience has gone meanwhile (RFC 4320 4.2).
   *
   * @throws {ResponseOutOfTurn} a final response has gone out before.
   * @throws {TypeError} 101 to 199 for another method than INVITE (RFC 4320 4.1).
   */
  readonly respond: (response: SipResponse) => void;
}

export interface ServerEntryOptions<F extends Flow> {
  readonly clock: Clock;
  readonly servers: TransactionTable<F, ServerEntry<F>>;
  readonly inform: (transaction: ServerTransaction<F>, event: ServerEvent) => void;
}

export class ServerEntry<F extends Flow> implements ServerTransaction<F>, ServerTransactionHost {
  readonly request: SipRequest;
  readonly flow: F;
  /** Bound: users take it out of its transaction. */
  readonly respond = (response: SipResponse): void => this.#machine.respond(response);
  readonly #key: string;
  readonly #options: ServerEntryOptions<F>;
  readonly #machine: InviteServerTransaction | NonInviteServerTransaction;

  constructor(options: ServerEntryOptions<F>, request: SipRequest, flow: F, key: string) {
    this.request = request;
    this.flow = flow;
    this.#key = key;
    this.#options = options;
    this.#machine =
      request.method === 'INVITE'
        ? new InviteServerTransaction(request, this)
        : new NonInviteServerTransaction(request, this);
    options.servers.set(flow, key, this);
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get reliable(): boolean {
    return this.flow.reliable;
  }

  get response(): SipResponse | undefined {
    return this.#machine.response;
  }

  /** RFC 6026 7.1: whether a 2xx has gone out, so that an ACK is the user's. */
  get isAccepted(): boolean {
    return this.#machine.state === 'accepted';
  }

  /** A retransmission, or the ACK for a final response other than 2xx. */
  receive(request: SipRequest): void {
    this.#machine.receive(request);
  }

  close(error: SipError): void {
    this.#machine.close(error);
  }

  send(message: SipMessage): Promise<void> {
    return this.flow.send(message);
  }

  inform(event: ServerEvent): void {
    this.#options.inform(this, event);
  }

  forget(): void {
    this.#options.servers.delete(this.flow, this.#key);
  }
}

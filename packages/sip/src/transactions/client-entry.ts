/**
 * A client transaction where it lives: on its flow, in the table of the layer.
 *
 * @module
 */
import type { SipError } from '../errors.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import type { Clock } from './clock.ts';
import type { Flow } from './flow.ts';
import { InviteClientTransaction } from './invite-client.ts';
import { NonInviteClientTransaction } from './non-invite-client.ts';
import type { ClientEvent, InviteClientHost } from './transaction-host.ts';
import { clientKey } from './transaction-keys.ts';
import type { TransactionTable } from './transaction-table.ts';

/** The user's side of a client transaction. */
export interface ClientTransaction<F extends Flow = Flow> {
  /** With the Via of this transaction on top. */
  readonly request: SipRequest;
  readonly flow: F;
}

export interface ClientEntryOptions<F extends Flow> {
  readonly clock: Clock;
  readonly clients: TransactionTable<F, ClientEntry<F>>;
  /** Sends the CANCEL of that transaction. */
  readonly sendCancel: (entry: ClientEntry<F>) => void;
  readonly onInformFault: ((cause: unknown, flow: F) => void) | undefined;
}

export class ClientEntry<F extends Flow> implements ClientTransaction<F>, InviteClientHost {
  readonly request: SipRequest;
  readonly flow: F;
  /** Of the Via that `request` has on top. */
  readonly branch: string;
  /** What the CANCEL will carry, and who hears of its answer. */
  cancelReason: string | undefined;
  cancelInform: ((event: ClientEvent) => void) | undefined;
  readonly #options: ClientEntryOptions<F>;
  readonly #inform: (event: ClientEvent) => void;
  #machine: InviteClientTransaction | NonInviteClientTransaction | undefined;

  constructor(
    options: ClientEntryOptions<F>,
    sent: { readonly request: SipRequest; readonly flow: F; readonly branch: string },
    inform: (event: ClientEvent) => void,
  ) {
    this.#options = options;
    this.request = sent.request;
    this.flow = sent.flow;
    this.branch = sent.branch;
    this.#inform = inform;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get reliable(): boolean {
    return this.flow.reliable;
  }

  /** Sends the request. */
  start(): void {
    const { request } = this;
    this.#options.clients.set(this.flow, clientKey(this.branch, request.method), this);
    this.#machine =
      request.method === 'INVITE'
        ? new InviteClientTransaction(request, this)
        : new NonInviteClientTransaction(request, this);
  }

  receive(response: SipResponse): void {
    this.#machine?.receive(response);
  }

  fail(error: SipError): void {
    this.#machine?.fail(error);
  }

  /** @throws {TypeError} CANCEL has a meaning for INVITE only (RFC 3261 9.1). */
  cancel(): void {
    if (!(this.#machine instanceof InviteClientTransaction)) throw new TypeError('expected an INVITE to cancel');
    this.#machine.cancel();
  }

  send(message: SipMessage): Promise<void> {
    return this.flow.send(message);
  }

  sendCancel(): void {
    this.#options.sendCancel(this);
  }

  inform(event: ClientEvent): void {
    const { onInformFault } = this.#options;
    try {
      const running: unknown = this.#inform(event);
      if (running instanceof Promise && onInformFault !== undefined) {
        running.catch((cause: unknown) => onInformFault(cause, this.flow));
      }
    } catch (cause) {
      if (onInformFault === undefined) throw cause;
      onInformFault(cause, this.flow);
    }
  }

  forget(): void {
    this.#options.clients.delete(this.flow, clientKey(this.branch, this.request.method));
  }
}

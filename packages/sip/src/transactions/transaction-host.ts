/**
 * What a transaction needs from around it: time and a flow, and somebody to tell.
 *
 * @module
 */
import type { SipError } from '../errors.ts';
import type { SipMessage, SipResponse } from '../messages/message.ts';
import type { Clock } from './clock.ts';

export interface TransactionHost {
  readonly clock: Clock;
  readonly reliable: boolean;
  /** Rejects with a TransportFailed. */
  send(message: SipMessage): Promise<void>;
  /** The transaction has ended; nothing more comes from it. */
  forget(): void;
}

/** What a client transaction tells its user. */
export type ClientEvent =
  | { readonly type: 'response'; readonly response: SipResponse }
  /** No final response in 64*T1 (timer B or F), or in 64*T1 after the CANCEL went out (RFC 3261 9.1). */
  | { readonly type: 'timeout' }
  | { readonly type: 'transport error'; readonly error: SipError };

export interface ClientTransactionHost extends TransactionHost {
  inform(event: ClientEvent): void;
}

export interface InviteClientHost extends ClientTransactionHost {
  /** The CANCEL may go out now, in a transaction of its own. */
  sendCancel(): void;
}

/** What goes wrong when a response is on its way; the user may want to give up the call (RFC 3261 17.2.4). */
export type ServerEvent =
  /** The ACK for a final response other than 2xx never came (timer H). */
  { readonly type: 'timeout' } | { readonly type: 'transport error'; readonly error: SipError };

export interface ServerTransactionHost extends TransactionHost {
  inform(event: ServerEvent): void;
}

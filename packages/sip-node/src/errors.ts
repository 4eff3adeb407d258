/**
 * What goes wrong between the transports and the transaction user.
 *
 * @module
 */
import { SipError } from '@wicgate/sip';

/** As many transactions are under way as this process takes on (RFC 3261 21.5.4). */
export class Overloaded extends SipError {
  readonly code = 'ERR_SIP_OVERLOADED';
  readonly statusCode = 503;

  constructor(limit: number) {
    super(`expected fewer than ${limit} transactions under way`);
  }
}

/** The transaction user threw where it should have answered; `cause` is what it threw (RFC 3261 21.5.1). */
export class ProcessingFailed extends SipError {
  readonly code = 'ERR_SIP_PROCESSING_FAILED';
  readonly statusCode = 500;

  constructor(cause: unknown) {
    super('expected the message to be processed', { cause });
  }
}

/** A listener, or one address at it, holds as many connections as it may; told to `onListenerError`. */
export class ConnectionsRefused extends SipError {
  readonly code = 'ERR_SIP_CONNECTIONS_REFUSED';
  readonly statusCode = 503;
  /** How many were refused since it was told last, at least a second ago. */
  readonly count: number;
  /** Whom the last one came from; undefined where it had gone already. */
  readonly address: string | undefined;

  constructor(count: number, address: string | undefined) {
    super('expected no more connections than may be open');
    this.count = count;
    this.address = address;
  }
}

/** What a peer did, or left undone, so that its connection was closed here. */
export type FlowEndReason =
  /** More was waiting for it than may wait. */
  | 'does not read'
  /** No first message came, or one that was begun did not end in time. */
  | 'message overdue'
  /** Nothing moved for a long time. */
  | 'idle'
  /** It answers no pings (RFC 5626 4.4.1, RFC 6455 5.5.3). */
  | 'silent'
  /** What it sent has no border between messages any more (RFC 3261 18.3). */
  | 'framing lost';

/** This end closed a connection that only cost. */
export class FlowEnded extends SipError {
  readonly code = 'ERR_SIP_FLOW_ENDED';
  readonly statusCode = 503;
  readonly reason: FlowEndReason;

  constructor(reason: FlowEndReason) {
    super(`connection closed here: ${reason}`);
    this.reason = reason;
  }
}

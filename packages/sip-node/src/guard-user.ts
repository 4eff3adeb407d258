/**
 * Stands between the transaction layer and its user: what the user throws ends one request, not the process.
 *
 * @module
 */
import {
  createResponse,
  type Inform,
  ResponseOutOfTurn,
  type ServerTransaction,
  SipError,
  type TransactionUser,
} from '@wicgate/sip';
import { ProcessingFailed } from './errors.ts';
import type { NodeFlow } from './node-flow.ts';

export interface GuardOptions {
  readonly createToken: () => string;
  readonly onFault: (flow: NodeFlow, error: SipError) => void;
}

/** `user`, with its errors handed to `onFault`; a request on which it failed is answered. */
export function guardUser(user: TransactionUser<NodeFlow>, options: GuardOptions): TransactionUser<NodeFlow> {
  const { createToken, onFault } = options;

  const guard = (flow: NodeFlow, run: () => void): SipError | undefined => guardCall(flow, run, onFault);
  return {
    onRequest: (transaction) => {
      const error = guard(transaction.flow, () => user.onRequest(transaction));
      if (error !== undefined) answer(transaction, error, createToken());
    },
    onAck: (ack, flow) => void guard(flow, () => user.onAck(ack, flow)),
    onStrayResponse: (response, flow) => void guard(flow, () => user.onStrayResponse(response, flow)),
    onServerEvent: (transaction, event) => void guard(transaction.flow, () => user.onServerEvent?.(transaction, event)),
  };
}

/** Runs `run`. What it throws is handed to `onFault` and given back. */
export function guardCall(flow: NodeFlow, run: () => void, onFault: GuardOptions['onFault']): SipError | undefined {
  try {
    run();
    return undefined;
  } catch (cause) {
    const error = asFault(cause);
    onFault(flow, error);
    return error;
  }
}

/** `inform`, whose errors harm nobody else. */
export function guardInform(
  inform: Inform<NodeFlow>,
  onFault: (error: SipError, flow: NodeFlow | undefined) => void,
): Inform<NodeFlow> {
  return (event, transaction) => {
    try {
      inform(event, transaction);
    } catch (cause) {
      onFault(asFault(cause), transaction?.flow);
    }
  };
}

export function asFault(cause: unknown): SipError {
  return cause instanceof SipError ? cause : new ProcessingFailed(cause);
}

function answer(transaction: ServerTransaction<NodeFlow>, { statusCode }: SipError, toTag: string): void {
  try {
    transaction.respond(createResponse(transaction.request, statusCode, { toTag }));
  } catch (error) {
    // It was answered before the user failed.
    if (!(error instanceof ResponseOutOfTurn)) throw error;
  }
}

/**
 * Stands between the transaction layer and its user: what the user throws, at once or by a promise, ends one request,
 * not the process.
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
import type { EndpointUser } from './endpoint-options.ts';
import { ProcessingFailed } from './errors.ts';
import type { NodeFlow } from './node-flow.ts';

export interface GuardOptions {
  readonly createToken: () => string;
  readonly onFault: (flow: NodeFlow, error: SipError) => void;
}

/** `user`, with its errors handed to `onFault`; a request on which it failed is answered. */
export function guardUser(user: EndpointUser, options: GuardOptions): TransactionUser<NodeFlow> {
  const { createToken, onFault } = options;
  return {
    onRequest: (transaction) =>
      guardCall(
        () => user.onRequest(transaction),
        (error) => {
          onFault(transaction.flow, error);
          answer(transaction, error, createToken());
        },
      ),
    onAck: (ack, flow) => guardCall(() => user.onAck(ack, flow), onFault.bind(undefined, flow)),
    onStrayResponse: (response, flow) =>
      guardCall(() => user.onStrayResponse(response, flow), onFault.bind(undefined, flow)),
    onServerEvent: (transaction, event) =>
      guardCall(() => user.onServerEvent?.(transaction, event), onFault.bind(undefined, transaction.flow)),
  };
}

/** Runs `run`. What it throws, or what the promise that it returns is rejected with, is handed to `onFault`. */
export function guardCall(run: () => unknown, onFault: (error: SipError) => void): void {
  const fail = (cause: unknown): void => onFault(asFault(cause));
  try {
    const running = run();
    if (running instanceof Promise) running.catch(fail);
  } catch (cause) {
    fail(cause);
  }
}

/** `inform`, whose errors harm nobody else. */
export function guardInform(
  inform: Inform<NodeFlow>,
  onFault: (error: SipError, flow: NodeFlow | undefined) => void,
): Inform<NodeFlow> {
  return (event, transaction) =>
    guardCall(
      () => inform(event, transaction),
      (error) => onFault(error, transaction?.flow),
    );
}

/** Runs `tell`, which is where faults go: what it throws itself has nobody left to hear of it but the process. */
export function guardReport(tell: () => unknown): void {
  guardCall(tell, (error) => process.emitWarning(error.cause instanceof Error ? error.cause : error));
}

export function asFault(cause: unknown): SipError {
  return cause instanceof SipError ? cause : new ProcessingFailed(cause);
}

function answer(transaction: ServerTransaction<NodeFlow>, { statusCode }: SipError, toTag: string): void {
  // An error class of the user's own may say anything.
  const isRefusal = Number.isInteger(statusCode) && statusCode >= 300 && statusCode <= 699;
  try {
    transaction.respond(createResponse(transaction.request, isRefusal ? statusCode : 500, { toTag }));
  } catch (error) {
    // It was answered before the user failed.
    if (!(error instanceof ResponseOutOfTurn)) throw error;
  }
}

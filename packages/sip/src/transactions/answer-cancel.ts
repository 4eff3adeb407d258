/**
 * What a user agent server does with a CANCEL (RFC 3261 9.2).
 *
 * @module
 */
import { createResponse } from '../messages/create-response.ts';
import type { Flow } from './flow.ts';
import type { ServerTransaction, TransactionLayer } from './transaction-layer.ts';

/**
 * The INVITE that was given up, now answered 487; undefined where nothing was left to give up. The CANCEL is answered
 * 200 where it met any transaction, whatever its method and however far it is, else 481. `toTag` is the one that the
 * responses to the INVITE bear: both answers bear it too.
 */
export function answerCancel<F extends Flow>(
  layer: TransactionLayer<F>,
  cancel: ServerTransaction<F>,
  toTag: string,
): ServerTransaction<F> | undefined {
  const found = layer.findCancelled(cancel.request);
  cancel.respond(createResponse(cancel.request, found === undefined ? 481 : 200, { toTag }));
  if (found?.request.method !== 'INVITE' || (found.response?.statusCode ?? 100) >= 200) return undefined;
  found.respond(createResponse(found.request, 487, { toTag }));
  return found;
}

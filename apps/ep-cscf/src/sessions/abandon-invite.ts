/**
 * An INVITE whose caller is gone: the callee shall not ring on (TS 24.229 5.2.8.1).
 *
 * @module
 */
import type { Flow, ServerTransaction, StatefulProxy } from '@wicgate/sip';

/** Cancels what an unanswered INVITE was forwarded to, as a CANCEL of its caller would. */
export function abandonInvite<F extends Flow>(transaction: ServerTransaction<F>, proxy: StatefulProxy<F>): void {
  const { request, flow, response } = transaction;
  if (request.method !== 'INVITE' || (response !== undefined && response.statusCode >= 200)) return;
  proxy.cancel({
    request: { ...request, method: 'CANCEL' },
    flow,
    response: undefined,
    // Nobody is left to hear it.
    respond: () => {},
  });
}

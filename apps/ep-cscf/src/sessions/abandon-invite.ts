/**
 * An INVITE whose sender is gone: the callee shall not ring on (TS 24.229 5.2.8.1).
 *
 * @module
 */
import { noBody, parseCSeq, type ServerTransaction, type TransactionLayer } from '@wicgate/sip';
import type { NodeFlow } from '@wicgate/sip-node';

/** Takes an unanswered INVITE back, as a CANCEL of its sender would (RFC 3261 9.1). */
export function abandonInvite(
  { request, flow, response }: ServerTransaction<NodeFlow>,
  layer: TransactionLayer<NodeFlow>,
): void {
  if (request.method !== 'INVITE' || (response !== undefined && response.statusCode >= 200)) return;
  const { number } = parseCSeq(request.headers.first('CSeq') ?? '');
  const headers = request.headers.set('CSeq', `${number} CANCEL`);
  layer.receive({ ...request, method: 'CANCEL', headers, body: noBody }, flow);
}

/**
 * The answer to an INFO (RFC 6086 4.2.2).
 *
 * @module
 */
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { CallParts } from './call-context.ts';
import { respond } from './respond.ts';

/** @throws {InfoPackageRefused} 469. @throws {HeaderMalformed} */
export function answerInfo<F extends Flow>(
  { infoPackages, user }: CallParts<F>,
  transaction: ServerTransaction<F>,
): void {
  const { request } = transaction;
  const info = infoPackages.receive(request);
  // An INFO of RFC 2976 whose body nobody knows.
  const unheard = info.type === 'legacy' && request.body.length > 0 ? 415 : 200;
  respond(transaction, user.onInfo === undefined ? unheard : (user.onInfo(request, info) ?? 200));
}

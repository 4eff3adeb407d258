/**
 * The answer to an UPDATE (RFC 3311 5.2, RFC 4028 9).
 *
 * @module
 */
import { SipError } from '../errors.ts';
import { findDescription } from '../offer-answer/find-description.ts';
import { findUpdateRefusal, type UpdateSituation } from '../offer-answer/update-rules.ts';
import { answerSessionTimer, type SessionTimerAnswer } from '../session-timers/session-interval.ts';
import type { Flow } from '../transactions/flow.ts';
import type { ServerTransaction } from '../transactions/transaction-layer.ts';
import type { CallParts } from './call-context.ts';
import { capabilitiesOf, descriptionHeaders } from './capabilities.ts';
import { headersOfError, respond } from './respond.ts';

/** Whether the UPDATE came at a bad time; it is answered then. */
export function refuseUpdate<F extends Flow>(
  { context }: CallParts<F>,
  transaction: ServerTransaction<F>,
  situation: UpdateSituation,
): boolean {
  const statusCode = findUpdateRefusal(situation);
  if (statusCode === undefined) return false;
  const retryAfter = ['Retry-After', String(Math.floor(context.random() * 11))] as const;
  respond(transaction, statusCode, statusCode === 500 ? { headers: [retryAfter] } : {});
  return true;
}

/** Resolves once a final response has gone out. */
export async function answerUpdate<F extends Flow>(
  parts: CallParts<F>,
  transaction: ServerTransaction<F>,
): Promise<void> {
  const { context, dialog, isOver, session, timer, user } = parts;
  const { request } = transaction;
  try {
    const offer = findDescription(request);
    const interval = answerSessionTimer(request, context.sessionTimer);
    session.receive('UPDATE', offer !== undefined);
    const body = offer === undefined ? undefined : await user.media.createAnswer(offer, dialog.id);
    if (isOver()) {
      respond(transaction, 481);
      return;
    }
    session.send('UPDATE success', body !== undefined);
    dialog.refreshTarget(request);
    respondSuccess(parts, transaction, interval, body);
    if (dialog.state === 'confirmed') timer.agree(interval?.interval);
  } catch (error) {
    if (session.send('UPDATE failure', false) === 'rollback') user.media.rollback?.(dialog.id);
    const [statusCode, headers] = error instanceof SipError ? [error.statusCode, headersOfError(error)] : [488, []];
    respond(transaction, statusCode, { headers });
  }
}

function respondSuccess<F extends Flow>(
  { context }: CallParts<F>,
  transaction: ServerTransaction<F>,
  interval: SessionTimerAnswer | undefined,
  body: Uint8Array | undefined,
): void {
  const contact = ['Contact', context.contact] as const;
  respond(transaction, 200, {
    headers: [contact, ...capabilitiesOf(context), ...(interval?.headers ?? []), ...descriptionHeaders(body)],
    ...(body === undefined ? {} : { body }),
  });
}

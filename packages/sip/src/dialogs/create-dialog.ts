/**
 * The making of dialogs (RFC 3261 12.1).
 *
 * @module
 */
import { HeaderMissing } from '../errors.ts';
import { parseCSeq } from '../headers/cseq.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import { Dialog } from './dialog.ts';
import { type DialogId, dialogIdOf } from './dialog-id.ts';
import { findTarget, readRouteSet } from './peer-headers.ts';

/**
 * The dialog at the end that sent `request` (12.1.2): early after 101 to 199 with a To tag, confirmed after 2xx. Each
 * To tag makes a dialog of its own (13.2.2.4).
 *
 * @throws {HeaderMissing} a 2xx without Contact. @throws {HeaderMalformed}
 * @throws {TypeError} a response that makes no dialog.
 */
export function createUacDialog(request: SipRequest, response: SipResponse): Dialog {
  const id = dialogIdOf(response, 'received');
  const state = stateAfter(response, id.remoteTag);
  const target = findTarget(response);
  if (target === undefined && state === 'confirmed') throw new HeaderMissing('Contact', 0);
  return new Dialog({
    id,
    state,
    local: request.headers.first('From') ?? '',
    remote: response.headers.first('To') ?? '',
    // Some peers name their Contact in the 2xx only, which replaces this.
    remoteTarget: target ?? request.requestUri,
    routeSet: readRouteSet(response).toReversed(),
    secure: isSips(request),
    ownsCallId: true,
    localSequence: sequenceOf(request),
    remoteSequence: undefined,
  });
}

/**
 * The dialog at the end that received `request` and answers it with `response`, which has a To tag (12.1.1): early
 * with 101 to 199, confirmed with 2xx.
 *
 * @throws {HeaderMissing} the request has no Contact. @throws {HeaderMalformed}
 * @throws {TypeError} a response that makes no dialog.
 */
export function createUasDialog(request: SipRequest, response: SipResponse): Dialog {
  const id: DialogId = dialogIdOf(response, 'sent');
  const state = stateAfter(response, id.localTag);
  const remoteTarget = findTarget(request);
  if (remoteTarget === undefined) throw new HeaderMissing('Contact', 0);
  return new Dialog({
    id,
    state,
    local: response.headers.first('To') ?? '',
    remote: request.headers.first('From') ?? '',
    remoteTarget,
    routeSet: readRouteSet(request),
    secure: isSips(request),
    ownsCallId: false,
    localSequence: undefined,
    remoteSequence: sequenceOf(request),
  });
}

/** A 2xx from a peer of RFC 2543 may lack the tag (12.1.2); a provisional response without one makes no dialog. */
function stateAfter({ statusCode }: SipResponse, toTag: string): 'early' | 'confirmed' {
  if (statusCode >= 200 && statusCode < 300) return 'confirmed';
  if (statusCode > 100 && statusCode < 200 && toTag !== '') return 'early';
  throw new TypeError('expected a response from 101 to 299 with a To tag');
}

function isSips({ requestUri }: SipRequest): boolean {
  return requestUri.toLowerCase().startsWith('sips:');
}

function sequenceOf({ headers }: SipMessage): number {
  return parseCSeq(headers.first('CSeq') ?? '').number;
}

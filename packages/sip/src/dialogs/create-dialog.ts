/**
 * The making of dialogs (RFC 3261 12.1).
 *
 * @module
 */
import { DialogUnknown, HeaderMissing } from '../errors.ts';
import { readCSeq } from '../headers/cseq.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import { Dialog } from './dialog.ts';
import { type DialogId, dialogIdOf } from './dialog-id.ts';
import { findTarget, readRouteSet } from './peer-headers.ts';

/**
 * The dialog at the end that sent `request` (12.1.2): early after 101 to 199 with a To tag, confirmed after 2xx. Each
 * To tag makes a dialog of its own (13.2.2.4). Call-ID and local tag are those of the request, so that no peer can name
 * another dialog of this end.
 *
 * @throws {DialogUnknown} the response has another Call-ID or From tag. @throws {HeaderMalformed}
 * @throws {HeaderMissing} a 2xx without Contact. @throws {TypeError} a response that makes no dialog.
 */
export function createUacDialog(request: SipRequest, response: SipResponse): Dialog {
  const id = dialogIdOf(response, 'received');
  const { callId, localTag } = dialogIdOf(request, 'sent');
  if (id.callId !== callId || id.localTag !== localTag) throw new DialogUnknown();
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

/**
 * The dialog at the end that sent `subscribe` (or a REFER), made by the first `notify` of each fork: it may come before
 * the 2xx, and only it shows all forks (RFC 6665 4.1.2.4, 4.4.1). Confirmed at once; its own number is taken already.
 *
 * @throws {HeaderMissing} the NOTIFY has no Contact. @throws {HeaderMalformed}
 * @throws {TypeError} a NOTIFY of another Call-ID or tag.
 */
export function createNotifiedDialog(subscribe: SipRequest, notify: SipRequest): Dialog {
  const id = dialogIdOf(notify, 'received');
  const { callId, localTag } = dialogIdOf(subscribe, 'sent');
  if (notify.method !== 'NOTIFY' || id.callId !== callId || id.localTag !== localTag || id.remoteTag === '') {
    throw new TypeError('expected a NOTIFY that belongs to the request');
  }
  const remoteTarget = findTarget(notify);
  if (remoteTarget === undefined) throw new HeaderMissing('Contact', 0);
  return new Dialog({
    id,
    state: 'confirmed',
    local: subscribe.headers.first('From') ?? '',
    remote: notify.headers.first('From') ?? '',
    remoteTarget,
    routeSet: readRouteSet(notify),
    secure: isSips(subscribe),
    ownsCallId: true,
    localSequence: sequenceOf(subscribe),
    remoteSequence: sequenceOf(notify),
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
  return readCSeq(headers).number;
}

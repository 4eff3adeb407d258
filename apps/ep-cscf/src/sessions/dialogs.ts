/**
 * Where a request stands to dialogs (RFC 3261 12, RFC 6665 4.1, RFC 3515 2.4.4).
 *
 * @module
 */
import { parseNameAddr, type SipRequest } from '@wicgate/sip';

const dialogForming = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

/** A To tag says that the request belongs to a dialog. */
export function isInDialog({ headers }: SipRequest): boolean {
  return parseNameAddr(headers.first('To') ?? '', 'To').params.has('tag');
}

/** Whether a proxy that wants to see the rest of the dialog adds a Record-Route (RFC 3261 16.6 step 4). */
export function formsDialog(request: SipRequest): boolean {
  return dialogForming.has(request.method) && !isInDialog(request);
}

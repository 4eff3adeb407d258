/**
 * The S-CSCF's place in the route of dialogs (RFC 3261 16.6 step 4, TS 24.229 5.4.3).
 *
 * @module
 */
import type { SipRequest } from '@wicgate/sip';

/** Requests that make a dialog: their later ones shall pass here too. */
const dialogForming = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

/** The request with `address` on top of its Record-Route, where it makes a dialog. */
export function recordRoute(request: SipRequest, address: string): SipRequest {
  if (!dialogForming.has(request.method)) return request;
  return { ...request, headers: request.headers.prepend('Record-Route', `<sip:${address};transport=tls;lr>`) };
}

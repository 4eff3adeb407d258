/**
 * The S-CSCF's place in the route of dialogs (RFC 3261 16.6 step 4, TS 24.229 5.4.3).
 *
 * @module
 */
import type { ForwardOptions, SipRequest } from '@wicgate/sip';

/** Requests that make a dialog: their later ones shall pass here too. */
const dialogForming = new Set(['INVITE', 'SUBSCRIBE', 'REFER']);

/** The URI at `address` where the request makes a dialog; `target` is the Request-URI that it leaves with. */
export function recordRoute(
  { method }: SipRequest,
  target: string,
  address: string,
): Pick<ForwardOptions, 'recordRoute'> {
  if (!dialogForming.has(method)) return {};
  const isSecure = target.toLowerCase().startsWith('sips:');
  return { recordRoute: isSecure ? `sips:${address};lr` : `sip:${address};transport=tls;lr` };
}

/**
 * Proxy-Require (RFC 3261 16.3 step 5): no extension is needed of this edge that it could be asked for.
 *
 * @module
 */
import type { SipRequest } from '@wicgate/sip';
import { ExtensionUnsupported } from '../errors.ts';

/** @throws {ExtensionUnsupported} */
export function refuseExtensions({ headers }: SipRequest): void {
  const required = headers.all('Proxy-Require');
  if (required.length > 0) throw new ExtensionUnsupported(required);
}

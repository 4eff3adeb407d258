/**
 * What no proxy takes on (RFC 3261 16.3): no extension is needed of this edge that it could be asked for.
 *
 * @module
 */
import { type SipRequest, validateRequest } from '@wicgate/sip';
import { RequestUnfit } from '../errors.ts';

/** @throws {RequestUnfit} 400, 416, 420 or 483. */
export function checkRequest(request: SipRequest): void {
  const verdict = validateRequest(request);
  if (typeof verdict !== 'string') throw new RequestUnfit(verdict);
}

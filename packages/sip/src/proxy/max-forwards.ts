/**
 * Max-Forwards at a proxy (RFC 3261 16.3 step 3 and 16.6 step 3).
 *
 * @module
 */
import { MaxForwardsExceeded } from '../errors.ts';
import { findNumber } from '../headers/number-header.ts';
import type { SipRequest } from '../messages/message.ts';

/**
 * The request with one hop less to go; 70 where it named no number.
 *
 * @throws {MaxForwardsExceeded} it may go no further. @throws {HeaderMalformed}
 */
export function decrementMaxForwards(request: SipRequest): SipRequest {
  const hops = findNumber(request.headers, 'Max-Forwards');
  if (hops === 0) throw new MaxForwardsExceeded();
  const left = hops === undefined ? 70 : hops - 1;
  return { ...request, headers: request.headers.set('Max-Forwards', String(left)) };
}

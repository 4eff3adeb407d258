/**
 * Max-Breadth: how many branches a request may have at a time, all proxies taken together (RFC 5393 5).
 *
 * @module
 */
import { findNumber } from '../headers/number-header.ts';
import type { SipRequest } from '../messages/message.ts';

/** What a request without the header field may have, and the most that any may have here (RFC 5393 5.3.3). */
const largestBreadth = 60;

/** From 0 to 60. @throws {HeaderMalformed} */
export function breadthOf({ headers }: SipRequest): number {
  return Math.min(findNumber(headers, 'Max-Breadth') ?? largestBreadth, largestBreadth);
}

/** `breadth` in `parts` shares, none smaller than another by more than 1. Every share is at least 1. */
export function shareBreadth(breadth: number, parts: number): readonly number[] {
  if (parts < 1 || breadth < parts) throw new TypeError('expected a share for each part');
  const share = Math.floor(breadth / parts);
  return Array.from({ length: parts }, (_, at) => (at < breadth % parts ? share + 1 : share));
}

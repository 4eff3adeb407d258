/**
 * What a BYE says of why (RFC 3326).
 *
 * @module
 */
import { formatReason } from '../headers/reason.ts';
import type { HeaderPairs } from '../session-timers/session-interval.ts';
import type { CallEnd } from './call-user.ts';

/** The Reason, where the end has one. @throws {TypeError} it is out of the grammar. */
export function endHeaders(end: CallEnd): HeaderPairs {
  return end.by === 'local' && end.reason !== undefined ? [['Reason', formatReason(end.reason)]] : [];
}

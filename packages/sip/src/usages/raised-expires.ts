/**
 * What to ask for after 423 Interval Too Brief (RFC 3261 10.2.8, RFC 6665 4.1.2.1).
 *
 * @module
 */

import { SipError } from '../errors.ts';
import { parseExpires } from '../headers/expires.ts';
import type { SipResponse } from '../messages/message.ts';

/** A peer that wants more than a year means something else. */
const maxSeconds = 31_536_000;

/** A peer that wants more each time would have us ask for ever. */
const maxRaises = 3;

/**
 * The Min-Expires of a 423 in seconds, up to a year, where it is more than was asked for; undefined for every other
 * response, and where a wish was raised `raises` times already, which is three times at most.
 */
export function raisedExpires(
  { statusCode, headers }: SipResponse,
  askedSeconds: number,
  raises: number,
): number | undefined {
  const value = headers.first('Min-Expires');
  if (statusCode !== 423 || value === undefined || raises >= maxRaises) return undefined;
  try {
    const seconds = parseExpires(value, 'Min-Expires');
    return seconds > askedSeconds && seconds <= maxSeconds ? seconds : undefined;
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/**
 * Agreement on keep-alives between neighbours by the Via parameter `keep` (RFC 6223).
 *
 * @module
 */
import { findWholeNumber } from '../headers/param-values.ts';
import { requireNumber } from '../headers/require-number.ts';
import { parseVia, type Via } from '../headers/via.ts';
import type { SipResponse } from '../messages/message.ts';

/** For the Via of a request: this end is willing to send keep-alives (RFC 6223 4.3). */
export const keepOffer: readonly (readonly [string, string])[] = [['keep', '']];

const maxSeconds = 86_400;

/**
 * How often the next hop wants a keep-alive at least, in seconds; 0 where it leaves that to this end; undefined where
 * it wants none, or says something else (RFC 6223 4.3). Its Via is the topmost of the response.
 *
 * @throws {HeaderMalformed}
 */
export function readKeep({ headers }: SipResponse): number | undefined {
  const seconds = findWholeNumber(parseVia(headers.first('Via') ?? '').params.get('keep'), Number.MAX_SAFE_INTEGER);
  return seconds === undefined ? undefined : Math.min(seconds, maxSeconds);
}

/**
 * The Via of the sender, for the response, where it offered `keep`: as it is where it did not (RFC 6223 4.4).
 *
 * @throws {TypeError} no whole number of seconds up to a day.
 */
export function grantKeep(via: Via, seconds: number): Via {
  if (via.params.get('keep') !== '') return via;
  return { ...via, params: new Map([...via.params, ['keep', requireNumber(seconds, 'keep', maxSeconds)]]) };
}

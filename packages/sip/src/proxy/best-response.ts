/**
 * Which final response of several a proxy sends on (RFC 3261 16.7 steps 6 and 7).
 *
 * @module
 */
import type { SipResponse } from '../messages/message.ts';
import { reasonPhraseOf } from '../messages/reason-phrases.ts';

/** Within the lowest class these tell the caller most, first to last (16.7 step 6). */
const telling = [401, 407, 415, 420, 484];

/** A 6xx before all others, else one of the lowest class; challenges of all 401 and 407 come together in it. */
export function bestResponse(responses: readonly SipResponse[]): SipResponse {
  const [first, ...rest] = responses;
  if (first === undefined) throw new TypeError('expected at least one response');
  const best = rest.reduce((left, right) => (rank(right) < rank(left) ? right : left), first);
  // A 503 of one branch says nothing about this proxy (16.7 step 6).
  if (best.statusCode === 503) return { ...best, statusCode: 500, reasonPhrase: reasonPhraseOf(500) };
  return withAllChallenges(best, responses);
}

function rank({ statusCode }: SipResponse): number {
  if (statusCode >= 600) return statusCode - 600;
  const place = telling.indexOf(statusCode);
  const classRank = Math.floor(statusCode / 100) * 10_000;
  // 503 is worth less than any other 5xx.
  return classRank + (place >= 0 ? place : statusCode === 503 ? 9_999 : statusCode);
}

function withAllChallenges(best: SipResponse, responses: readonly SipResponse[]): SipResponse {
  if (best.statusCode !== 401 && best.statusCode !== 407) return best;
  let { headers } = best;
  for (const other of responses) {
    if (other === best || (other.statusCode !== 401 && other.statusCode !== 407)) continue;
    for (const name of ['WWW-Authenticate', 'Proxy-Authenticate']) {
      for (const challenge of other.headers.all(name)) headers = headers.with(name, challenge);
    }
  }
  return headers === best.headers ? best : { ...best, headers };
}

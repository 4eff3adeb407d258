/**
 * Which final response of several a proxy sends on (RFC 3261 16.7 steps 6 and 7).
 *
 * @module
 */
import type { SipResponse } from '../messages/message.ts';
import { reasonPhraseOf } from '../messages/reason-phrases.ts';

/** Within the lowest class these tell the caller most, first to last (16.7 step 6). */
const telling = [401, 407, 415, 420, 484];
/**
 * These come after all others of their class: a contact was not reached, which a stale binding brings about as well, and
 * nothing was learned of the callee. A 486 or 404 of another contact was. The choice within a class is the proxy's (16.7
 * step 6).
 */
const untold = [408, 430, 480];

/**
 * A 6xx before all others, else one of the lowest class: first what can be mended, last what tells nothing; challenges of all 401 and 407 come together in it.
 */
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
  if (place >= 0) return classRank + place;
  // 503 is worth less than any other 5xx.
  const isLast = statusCode === 503 || untold.includes(statusCode);
  return classRank + statusCode + (isLast ? 1_000 : 0);
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

/**
 * What a proxy that wants sessions to end does with the session timer (RFC 4028 8).
 *
 * @module
 */
import { SessionIntervalTooSmall } from '../errors.ts';
import { formatSessionExpires } from '../headers/session-expires.ts';
import { hasToken } from '../headers/token-list.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { findMinSe, findSessionExpires, leastSessionSeconds } from './session-interval.ts';

/** What a proxy wants of sessions, in seconds. */
export interface ProxySessionTimerPolicy {
  /** The longest interval wanted. */
  readonly seconds: number;
  /** The shortest taken; {@link leastSessionSeconds} unless given. */
  readonly minSeconds?: number;
}

/**
 * The request to forward (8.1): with a session timer, none longer than `seconds` as far as Min-SE lets it.
 *
 * @throws {SessionIntervalTooSmall} 422. @throws {HeaderMalformed}
 */
export function proxySessionTimerRequest(
  request: SipRequest,
  { seconds, minSeconds = leastSessionSeconds }: ProxySessionTimerPolicy,
): SipRequest {
  const { headers } = request;
  const asked = findSessionExpires(headers);
  const isTooSmall = asked !== undefined && asked.seconds < minSeconds;
  if (isTooSmall && hasToken(headers, 'Supported', 'timer')) throw new SessionIntervalTooSmall(minSeconds);
  const least = Math.max(findMinSe(headers), minSeconds);
  // Who knows nothing of 422 has it raised instead, and nobody after us may lower it; nor may we lower Min-SE.
  const next = isTooSmall ? least : Math.min(asked?.seconds ?? seconds, Math.max(seconds, least));
  const wanted = asked === undefined ? Math.max(seconds, findMinSe(headers)) : next;
  if (wanted === asked?.seconds) return request;
  const expires = asked ?? { refresher: undefined, params: new Map<string, string>() };
  const changed = headers.set('Session-Expires', formatSessionExpires({ ...expires, seconds: wanted }));
  return { ...request, headers: isTooSmall ? changed.set('Min-SE', String(least)) : changed };
}

/**
 * The 2xx to send on (8.2). Where the UAS knows no session timers and the UAC does, the UAC is told to refresh.
 * `request` is the one that was forwarded.
 *
 * @throws {HeaderMalformed}
 */
export function proxySessionTimerResponse(response: SipResponse, request: SipRequest): SipResponse {
  const isSuccess = response.statusCode >= 200 && response.statusCode < 300;
  const asked = findSessionExpires(request.headers);
  if (!isSuccess || asked === undefined || response.headers.has('Session-Expires')) return response;
  if (!hasToken(request.headers, 'Supported', 'timer')) return response;
  const expires = formatSessionExpires({ ...asked, refresher: 'uac' });
  const headers = response.headers.with('Session-Expires', expires);
  return { ...response, headers: hasToken(headers, 'Require', 'timer') ? headers : headers.with('Require', 'timer') };
}

/**
 * How two user agents agree on the length of a session and on who refreshes it (RFC 4028 7, 9).
 *
 * @module
 */
import { SessionIntervalTooSmall } from '../errors.ts';
import type { Headers } from '../headers/headers.ts';
import { parseMinSe } from '../headers/min-se.ts';
import { formatSessionExpires, parseSessionExpires, type SessionExpires } from '../headers/session-expires.ts';
import { hasToken } from '../headers/token-list.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** RFC 4028 5: no interval is shorter, and no Min-SE means this. */
export const leastSessionSeconds = 90;

/** What was agreed on. */
export interface SessionInterval {
  /** From {@link leastSessionSeconds} up. */
  readonly seconds: number;
  /** Whether this end sends the refreshes. */
  readonly refreshes: boolean;
}

/** What a user agent asks for. */
export interface SessionTimerWish {
  /** From {@link leastSessionSeconds} up; RFC 4028 4 recommends 1,800. */
  readonly seconds: number;
  /** The shortest interval taken; {@link leastSessionSeconds} unless given. */
  readonly minSeconds?: number;
  /** Who shall refresh; left to the far end unless given. */
  readonly refresher?: 'uac' | 'uas';
}

/** Header fields to add to a message. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** The header fields of an INVITE or UPDATE that asks for a session timer; `Supported: timer` is the caller's (7.1). */
export function requestSessionTimer({ seconds, minSeconds, refresher }: SessionTimerWish): HeaderPairs {
  const expires = formatSessionExpires({ seconds, refresher, params: new Map() });
  return minSeconds === undefined || minSeconds <= leastSessionSeconds
    ? [['Session-Expires', expires]]
    : [
        ['Session-Expires', expires],
        ['Min-SE', String(minSeconds)],
      ];
}

/**
 * The wish to try again with after a 422, or undefined where its Min-SE asks for no more than was offered (7.3, 7.4).
 *
 * @throws {HeaderMalformed}
 */
export function raiseSessionTimer(wish: SessionTimerWish, { headers }: SipResponse): SessionTimerWish | undefined {
  const minSeconds = Math.max(findMinSe(headers), wish.minSeconds ?? 0);
  if (minSeconds <= wish.seconds) return undefined;
  return { ...wish, seconds: minSeconds, minSeconds };
}

/**
 * What a 2xx says to the end that sent the request; undefined where the session lasts (7.2). An interval below
 * {@link leastSessionSeconds}, which nobody may grant, counts as that.
 *
 * @throws {HeaderMalformed}
 */
export function readSessionInterval({ headers }: SipResponse): SessionInterval | undefined {
  const expires = findSessionExpires(headers);
  if (expires === undefined) return undefined;
  return { seconds: Math.max(expires.seconds, leastSessionSeconds), refreshes: expires.refresher !== 'uas' };
}

/** What the end that answers says, and what it has to keep to. */
export interface SessionTimerAnswer {
  /** For the 2xx. */
  readonly headers: HeaderPairs;
  readonly interval: SessionInterval;
}

/**
 * The answer to a request, or undefined where there is no session timer (9). `wish.refresher` counts where the request
 * leaves it open; without a session timer in the request, one is added only where `wish` is there.
 *
 * @throws {SessionIntervalTooSmall} 422. @throws {HeaderMalformed}
 */
export function answerSessionTimer(
  { headers }: SipRequest,
  wish: SessionTimerWish | undefined,
): SessionTimerAnswer | undefined {
  const asked = findSessionExpires(headers);
  if (asked === undefined && wish === undefined) return undefined;
  const isSupported = hasToken(headers, 'Supported', 'timer');
  const minSeconds = Math.max(wish?.minSeconds ?? 0, leastSessionSeconds);
  if (asked !== undefined && isSupported && asked.seconds < minSeconds) throw new SessionIntervalTooSmall(minSeconds);
  const seconds = secondsOf(asked?.seconds, wish?.seconds, findMinSe(headers));
  const refresher = refresherOf(isSupported, asked?.refresher, wish?.refresher);
  const expires = formatSessionExpires({ seconds, refresher, params: new Map() });
  const require: HeaderPairs = isSupported ? [['Require', 'timer']] : [];
  return {
    headers: [['Session-Expires', expires], ...require],
    interval: { seconds, refreshes: refresher === 'uas' },
  };
}

/** RFC 4028 9: never longer than was asked for, never shorter than Min-SE, and never below the least of all (5). */
function secondsOf(asked: number | undefined, wished: number | undefined, minSe: number): number {
  if (asked === undefined) return Math.max(wished ?? minSe, minSe);
  return Math.max(Math.min(asked, Math.max(wished ?? asked, minSe)), leastSessionSeconds);
}

/** RFC 4028 9, table 2: who knows no session timers cannot refresh. */
function refresherOf(
  isSupported: boolean,
  asked: 'uac' | 'uas' | undefined,
  wished: 'uac' | 'uas' | undefined,
): 'uac' | 'uas' {
  if (!isSupported) return 'uas';
  return asked ?? wished ?? 'uac';
}

/** The Session-Expires of a message. @throws {HeaderMalformed} */
export function findSessionExpires(headers: Headers): SessionExpires | undefined {
  const value = headers.first('Session-Expires');
  return value === undefined ? undefined : parseSessionExpires(value);
}

/** The Min-SE of a message, {@link leastSessionSeconds} where there is none or a lower one. @throws {HeaderMalformed} */
export function findMinSe(headers: Headers): number {
  const value = headers.first('Min-SE');
  return Math.max(value === undefined ? 0 : parseMinSe(value).seconds, leastSessionSeconds);
}

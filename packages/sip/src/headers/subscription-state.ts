/**
 * The Subscription-State header field of a NOTIFY (RFC 6665 8.2.3).
 *
 *     Subscription-State   = substate-value *( SEMI subexp-params )
 *     substate-value       = "active" / "pending" / "terminated" / extension-substate
 *     subexp-params        = "reason" EQUAL token / "expires" EQUAL delta-seconds
 *                          / "retry-after" EQUAL delta-seconds / generic-param
 *
 * @module
 */
import { isToken } from '../grammar/characters.ts';
import { formatParams } from '../grammar/format-params.ts';
import { Scanner } from '../grammar/scanner.ts';
import { findWholeNumber } from './param-values.ts';
import { requireNumber } from './require-number.ts';
import { requireToken } from './require-token.ts';

/** How a subscription stands; undefined where the notifier did not say. */
export interface SubscriptionState {
  /** Lower case: `active`, `pending`, `terminated` or an extension. */
  readonly state: string;
  /** Lower case: why it ended (RFC 6665 4.1.3), such as `timeout` or `noresource`. */
  readonly reason: string | undefined;
  /** What is left of the subscription. */
  readonly expiresSeconds: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** All others, names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

const maxSeconds = 4_294_967_295;
const known = new Set(['reason', 'expires', 'retry-after']);

/** @throws {HeaderMalformed} */
export function parseSubscriptionState(value: string): SubscriptionState {
  const scanner = new Scanner('Subscription-State', value);
  const state = scanner.token('state').toLowerCase();
  const start = scanner.offset;
  const params = scanner.params();
  scanner.end();
  const secondsOf = (name: string): number | undefined => {
    const seconds = findWholeNumber(params.get(name), maxSeconds);
    if (seconds === undefined && params.has(name)) scanner.fail(`seconds in ${name}`, start);
    return seconds;
  };
  const reason = params.get('reason');
  if (reason !== undefined && !isToken(reason)) scanner.fail('a token in reason', start);
  return {
    state,
    reason: reason?.toLowerCase(),
    expiresSeconds: secondsOf('expires'),
    retryAfterSeconds: secondsOf('retry-after'),
    params: new Map([...params].filter(([name]) => !known.has(name))),
  };
}

/** @throws {TypeError} a part of it could break out of the header field, or seconds out of range. */
export function formatSubscriptionState(value: SubscriptionState): string {
  const { state, reason, expiresSeconds, retryAfterSeconds } = value;
  const params = new Map<string, string>();
  if (reason !== undefined) params.set('reason', requireToken(reason, 'a reason'));
  if (expiresSeconds !== undefined) params.set('expires', requireNumber(expiresSeconds, 'expires', maxSeconds));
  if (retryAfterSeconds !== undefined) {
    params.set('retry-after', requireNumber(retryAfterSeconds, 'retry-after', maxSeconds));
  }
  for (const [name, text] of value.params) params.set(name, text);
  return `${requireToken(state, 'a subscription state')}${formatParams(params)}`;
}

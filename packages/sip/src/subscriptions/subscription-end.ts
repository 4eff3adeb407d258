/**
 * How a subscription ended, and whether to ask again (RFC 6665 4.1.3).
 *
 * @module
 */
import type { SipError } from '../errors.ts';
import type { SubscriptionState } from '../headers/subscription-state.ts';
import type { SipResponse } from '../messages/message.ts';

/** Why there is no subscription any more, or never was. */
export type SubscriptionEnd =
  /** The notifier said so. */
  | {
      readonly type: 'notified';
      /** Of Subscription-State; undefined where it gave none. */
      readonly reason: string | undefined;
      /** When a new subscription makes sense. */
      readonly again: 'now' | 'later' | 'never';
      /** How long to wait at least, where the notifier said. */
      readonly afterSeconds: number | undefined;
    }
  /** A SUBSCRIBE or REFER was refused. */
  | { readonly type: 'refused'; readonly response: SipResponse }
  /** The request was accepted, and no subscription comes of it (RFC 4488, RFC 7614). */
  | { readonly type: 'not subscribed'; readonly response: SipResponse }
  /** No NOTIFY came within Timer N, nor perhaps any answer. */
  | { readonly type: 'no notify' }
  /** Its time is over, and nobody renewed it. */
  | { readonly type: 'expired' }
  | { readonly type: 'transport error'; readonly error: SipError }
  /** This end gave up without a word. */
  | { readonly type: 'closed' };

const rules: ReadonlyMap<string, 'now' | 'later' | 'never'> = new Map([
  ['deactivated', 'now'],
  ['timeout', 'now'],
  ['probation', 'later'],
  ['giveup', 'later'],
  ['rejected', 'never'],
  ['noresource', 'never'],
  ['invariant', 'never'],
]);

/** What `terminated` of a NOTIFY means; an unknown reason counts as none, after which one may ask at any time. */
export function notifiedEnd({ reason, retryAfterSeconds }: SubscriptionState): SubscriptionEnd {
  const rule = rules.get(reason ?? '') ?? 'now';
  // 4.1.3: only these two, and what is unknown, look at retry-after.
  const waits = rule === 'later' || !rules.has(reason ?? '');
  const afterSeconds = waits ? retryAfterSeconds : undefined;
  return { type: 'notified', reason, again: afterSeconds === undefined ? rule : 'later', afterSeconds };
}

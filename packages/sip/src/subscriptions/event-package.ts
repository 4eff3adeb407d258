/**
 * What an event package decides at the notifier (RFC 6665 5).
 *
 * @module
 */
import type { SipRequest } from '../messages/message.ts';
import type { NotifierSubscription } from './notifier-subscription.ts';

/** Whether somebody may subscribe (RFC 6665 4.2.1.3). */
export type SubscribeDecision =
  | { readonly type: 'accept'; readonly state: 'active' | 'pending' }
  /** 403 and 603, for instance, or 401 with its challenge in `headers`. */
  | {
      readonly type: 'refuse';
      readonly statusCode: number;
      readonly headers?: readonly (readonly [name: string, value: string])[];
    };

/** The body of one NOTIFY with its Content-Type. */
export interface NotifyBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** One event package; its functions answer at once and throw nothing. */
export interface EventPackage {
  /** As in Event, with its templates. */
  readonly name: string;
  /** Bounds of what is granted; a shorter wish below an hour gets 423. */
  readonly minExpiresSeconds: number;
  readonly maxExpiresSeconds: number;
  /** Where SUBSCRIBE has no Expires (RFC 6665 5.3.5). */
  readonly defaultExpiresSeconds: number;
  /** Asked for each SUBSCRIBE, those that renew or end too, where the `state` of the answer says nothing. */
  decide(request: SipRequest): SubscribeDecision;
  /** Once for each subscription, before its first NOTIFY: the place to note which resource it watches. */
  onStart?(subscription: NotifierSubscription): void;
  /** The full state for one subscriber, now; undefined where NOTIFY has no body. Never asked while pending. */
  createBody(subscription: NotifierSubscription): NotifyBody | undefined;
  /** How long the next NOTIFY waits, `sinceLastMs` after the last one (RFC 6665 5.3.10); at once unless given. */
  notifyDelayMs?(sinceLastMs: number): number;
  /** Once for each subscription; `reason` as in Subscription-State, or `failed` where the subscriber is gone. */
  onEnd?(subscription: NotifierSubscription, reason: string): void;
}

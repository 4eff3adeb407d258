/**
 * What a WIC does when the network tells that its registration was changed or ended (TS 24.229 5.1.1.6, 5.1.1.7;
 * RFC 3680 5.1).
 *
 * @module
 */
import type { ContactNews } from '../registration-event/own-registration.ts';
import type { NetworkEnd } from '../wic.ts';

/** `once`: at once, but not again where that does not last. */
export type Reaction = 'renew' | 'end' | 'register anew' | 'register anew once' | 'register later';

/** After `probation` where the network says no time, and at most. */
const probationSeconds = 60;
const maxProbationSeconds = 3_600;

/** The other events need none. */
const reactions: Readonly<Partial<Record<NonNullable<ContactNews['event']>, Reaction>>> = {
  shortened: 'renew',
  rejected: 'end',
  deactivated: 'register anew',
  unregistered: 'register anew once',
  expired: 'register anew once',
  probation: 'register later',
};

/** Those that can be the last word. */
const ends: Readonly<Partial<Record<NonNullable<ContactNews['event']>, NetworkEnd>>> = {
  rejected: 'rejected',
  unregistered: 'unregistered',
  expired: 'expired',
};

/** What the page is told where no registration follows. */
export function endOf({ event }: ContactNews): NetworkEnd | undefined {
  return event === undefined ? undefined : ends[event];
}

export function reactionTo({ event }: ContactNews): Reaction | undefined {
  return event === undefined ? undefined : reactions[event];
}

/** Milliseconds before the next try. */
export function probationMs({ retryAfterSeconds = probationSeconds }: ContactNews): number {
  return Math.min(retryAfterSeconds, maxProbationSeconds) * 1_000;
}

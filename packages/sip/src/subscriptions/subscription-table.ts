/**
 * The states of a subscription at the subscriber (RFC 6665 4.1.2, the figure).
 *
 * @module
 */
import type { MachineTable } from '../transactions/machine.ts';

/** The states of the figure; `notify_wait` lasts until the first NOTIFY. */
export type SubscriptionStage = 'notify_wait' | 'pending' | 'active' | 'terminated';
/** What moves a subscription at the subscriber. */
export type SubscriptionEvent =
  | ('NOTIFY pending' | 'NOTIFY active' | 'NOTIFY terminated')
  | ('refresh' | 'unsubscribe' | 'timer N' | 'timer expiry')
  /** An answer that ends it, or this end does. */
  | 'failure';
/** What a row does: `renew` takes the time that a NOTIFY gives. */
export type SubscriptionAction = 'renew' | 'inform' | 'subscribe' | 'unsubscribe' | 'unsubscribe later' | 'end';

const standing = {
  'NOTIFY pending': ['pending', 'renew', 'inform'],
  'NOTIFY active': ['active', 'renew', 'inform'],
  'NOTIFY terminated': ['terminated', 'inform', 'end'],
  'failure': ['terminated', 'end'],
  'timer N': ['terminated', 'end'],
} as const;
const expiring = { 'timer expiry': ['terminated', 'end'] } as const;

/** The usage owns the timers: Timer N ends with a NOTIFY, which the state alone does not tell. */
export const subscriptionTable: MachineTable<SubscriptionStage, SubscriptionEvent, SubscriptionAction> = {
  transitions: {
    notify_wait: { ...standing, 'unsubscribe': ['notify_wait', 'unsubscribe later'] },
    pending: {
      ...standing,
      ...expiring,
      'refresh': ['pending', 'subscribe'],
      'unsubscribe': ['pending', 'unsubscribe'],
    },
    active: { ...standing, ...expiring, 'refresh': ['active', 'subscribe'], 'unsubscribe': ['active', 'unsubscribe'] },
    terminated: {},
  },
  timers: { notify_wait: [], pending: [], active: [], terminated: [] },
};

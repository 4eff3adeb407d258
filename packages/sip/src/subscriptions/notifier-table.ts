/**
 * The states of a subscription at the notifier (RFC 6665 4.2.1, the figure; before the 2xx there is none here).
 *
 * @module
 */
import type { MachineTable } from '../transactions/machine.ts';

/** The states of the figure. */
export type NotifierStage = 'pending' | 'active' | 'terminated';
/** What moves a subscription at the notifier. */
export type NotifierEvent =
  /** A SUBSCRIBE was accepted: the first, or one that renews. */
  | 'SUBSCRIBE'
  /** A pending one is let in. */
  | 'activate'
  | 'change'
  /** The last NOTIFY says why. */
  | 'end'
  | 'timer expiry'
  /** A NOTIFY failed for good: there is nobody to tell. */
  | 'failure';
/** What a row does: `notify in time` as soon as the package lets it. */
export type NotifierAction = 'notify' | 'notify in time' | 'end' | 'fail';

/** The figure; what has no row changes nothing. */
export const notifierTable: MachineTable<NotifierStage, NotifierEvent, NotifierAction> = {
  transitions: {
    pending: {
      'SUBSCRIBE': ['pending', 'notify'],
      'activate': ['active', 'notify'],
      'end': ['terminated', 'end'],
      'timer expiry': ['terminated', 'end'],
      'failure': ['terminated', 'fail'],
    },
    active: {
      'SUBSCRIBE': ['active', 'notify'],
      'change': ['active', 'notify in time'],
      'end': ['terminated', 'end'],
      'timer expiry': ['terminated', 'end'],
      'failure': ['terminated', 'fail'],
    },
    terminated: {},
  },
  timers: { pending: [], active: [], terminated: [] },
};

/**
 * The states of a registration at the user agent (RFC 3261 10.2).
 *
 * @module
 */
import type { MachineTable } from '../transactions/machine.ts';

/** What the user sees of it. */
export type RegistrationStatus =
  | ('unregistered' | 'registering' | 'registered' | 'refreshing')
  | ('unregistering' | 'failed');
/** What moves a registration. */
export type RegistrationEvent =
  | ('register' | 'unregister' | 'close')
  /** Other contacts than before shall be bound. */
  | 'rebind'
  | ('2xx' | 'failure' | 'timer refresh' | 'timer expiry');
/** What a row does; `tell` comes last, for the user may answer with the next event. */
export type RegistrationAction = 'bind' | 'remove' | 'keep' | 'forget' | 'tell';

/** The user is told of each new state; one request is under way at a time, so what comes meanwhile waits its turn. */
export const registrationTable: MachineTable<RegistrationStatus, RegistrationEvent, RegistrationAction> = {
  transitions: {
    unregistered: {
      'register': ['registering', 'bind', 'tell'],
      'rebind': ['registering', 'bind', 'tell'],
      // What an earlier life of this end has left.
      'unregister': ['unregistering', 'remove', 'tell'],
    },
    registering: {
      'rebind': ['registering', 'bind'],
      '2xx': ['registered', 'keep', 'tell'],
      'failure': ['failed', 'tell'],
      'unregister': ['unregistering', 'remove', 'tell'],
      'close': ['unregistered', 'forget'],
    },
    registered: {
      'register': ['refreshing', 'bind', 'tell'],
      'rebind': ['refreshing', 'bind', 'tell'],
      'timer refresh': ['refreshing', 'bind', 'tell'],
      'timer expiry': ['unregistered', 'forget', 'tell'],
      'unregister': ['unregistering', 'remove', 'tell'],
      'close': ['unregistered', 'forget'],
    },
    refreshing: {
      'rebind': ['refreshing', 'bind'],
      '2xx': ['registered', 'keep', 'tell'],
      'failure': ['failed', 'tell'],
      'timer expiry': ['registering', 'tell'],
      'unregister': ['unregistering', 'remove', 'tell'],
      'close': ['unregistered', 'forget'],
    },
    unregistering: {
      '2xx': ['unregistered', 'forget', 'tell'],
      'failure': ['failed', 'tell'],
      'register': ['registering', 'bind', 'tell'],
      'rebind': ['registering', 'bind', 'tell'],
      'close': ['unregistered', 'forget'],
    },
    failed: {
      'register': ['registering', 'bind', 'tell'],
      'rebind': ['registering', 'bind', 'tell'],
      'unregister': ['unregistering', 'remove', 'tell'],
      'timer expiry': ['failed', 'tell'],
      'close': ['unregistered', 'forget'],
    },
  },
  timers: { unregistered: [], registering: [], registered: [], refreshing: [], unregistering: [], failed: [] },
};
